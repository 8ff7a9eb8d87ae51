using System.Globalization;
using System.Text.RegularExpressions;

namespace Channels.AspNetCore.PushStream;

/// <summary>The times of this wire: HTTP dates in any of their three forms, whole seconds. Source: docs/protocols/pushstream.md#cursor</summary>
internal static partial class PushStreamTime
{
    private const int LongestText = 64;
    private const int FirstYear = 1970;
    private const int CenturyTurn = 70;

    private static readonly string[] Months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    public static DateTimeOffset? Parse(string? text)
    {
        if (text is not { Length: <= LongestText })
        {
            return null;
        }

        foreach (var form in (ReadOnlySpan<Regex>)[Rfc1123(), Rfc850(), Asctime()])
        {
            if (form.Match(text) is { Success: true } match)
            {
                return Make(match.Groups);
            }
        }

        return null;
    }

    /// <summary>Spells a time, its part of a second cut off.</summary>
    public static string Format(DateTimeOffset time) => time.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The whole second that a time lies in.</summary>
    public static DateTimeOffset SecondOf(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    private static DateTimeOffset? Make(GroupCollection parts)
    {
        var year = Number(parts["year"]);
        year += parts["year"].Length > 2 ? 0 : year < CenturyTurn ? 2000 : 1900;
        var month = Array.IndexOf(Months, parts["month"].Value) + 1;
        var (day, hour, minute, second) = (Number(parts["day"]), Number(parts["hour"]), Number(parts["minute"]), Number(parts["second"]));
        return year >= FirstYear && month > 0 && day >= 1 && day <= DateTime.DaysInMonth(year, month) && hour < 24 && minute < 60 && second < 60
            ? new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero)
            : null;
    }

    private static int Number(Group part) => int.Parse(part.ValueSpan, NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^[A-Za-z]{1,9}, (?<day>[0-9]{2}) (?<month>[A-Za-z]{3}) (?<year>[0-9]{4}) (?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})( GMT)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Rfc1123();

    [GeneratedRegex(@"^[A-Za-z]{1,9}, (?<day>[0-9]{2})-(?<month>[A-Za-z]{3})-(?<year>[0-9]{2}) (?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})( GMT)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Rfc850();

    [GeneratedRegex(@"^[A-Za-z]{1,9} (?<month>[A-Za-z]{3}) (?<day>[ 0-9][0-9]) (?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2}) (?<year>[0-9]{4})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Asctime();
}
