using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Http;

/// <summary>Reads query parameters; when a name comes twice, the last one counts.</summary>
internal static class QueryValues
{
    /// <returns>The value, or <see langword="null"/> when it is absent or empty.</returns>
    public static string? Last(this IQueryCollection query, string name)
    {
        var values = query[name];
        return values.Count == 0 || string.IsNullOrEmpty(values[^1]) ? null : values[^1];
    }

    /// <summary>Reads an integer of any size; what a <see cref="long"/> cannot hold becomes its nearest value.</summary>
    public static bool TryReadInteger(ReadOnlySpan<char> text, out long value)
    {
        value = 0;
        var digits = text.Trim();
        var negative = digits.StartsWith("-");
        digits = digits.TrimStart("+-").Length == digits.Length ? digits : digits[1..];
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        digits = digits.TrimStart('0');
        if (digits.Length > 19 || !ulong.TryParse(digits.IsEmpty ? "0" : digits, out var size) || size > long.MaxValue)
        {
            value = negative ? long.MinValue : long.MaxValue;
            return true;
        }

        value = negative ? -(long)size : (long)size;
        return true;
    }
}
