using System.Globalization;

namespace Channels.AspNetCore.Bayeux.Epicenter;

/// <summary>Spells the date of an event: UTC with three decimals and a zone of digits. Source: docs/protocols/bayeux.md#events</summary>
internal static class EpicenterDates
{
    public static string Format(DateTimeOffset date) => date.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+0000'", CultureInfo.InvariantCulture);
}
