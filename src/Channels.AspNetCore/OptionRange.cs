using System.Globalization;
using Microsoft.Extensions.Options;

namespace Channels.AspNetCore;

/// <summary>What the validators of all front ends check.</summary>
internal static class OptionRange
{
    /// <summary>Adds an error that names the option and its range, unless the value lies within.</summary>
    public static void Check<T>(this ValidateOptionsResultBuilder errors, string name, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            errors.AddError(string.Create(CultureInfo.InvariantCulture, $"must be {least} to {most}."), name);
        }
    }

    /// <summary>Adds an error for each entry that is not an origin.</summary>
    public static void CheckOrigins(this ValidateOptionsResultBuilder errors, string name, IEnumerable<string> origins)
    {
        foreach (var origin in origins.Where(origin => !IsOrigin(origin)))
        {
            errors.AddError($"'{origin}' is not an origin such as https://app.example.", name);
        }
    }

    private static bool IsOrigin(string? origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Host.Length > 0
        && uri.PathAndQuery == "/"
        && uri.Fragment.Length == 0
        && uri.UserInfo.Length == 0;
}
