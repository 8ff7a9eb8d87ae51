using System.Globalization;
using Microsoft.Extensions.Options;

namespace Channels.AspNetCore;

/// <summary>Checks every setting and reports all errors at once.</summary>
internal sealed class ChannelEndpointOptionsValidator : IValidateOptions<ChannelEndpointOptions>
{
    private const int LargestBody = 16 * 1024 * 1024;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, ChannelEndpointOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new ValidateOptionsResultBuilder();
        CheckSizes(options, errors);
        CheckTimes(options, errors);
        foreach (var origin in options.AllowedOrigins.Where(origin => !IsOrigin(origin)))
        {
            errors.AddError($"'{origin}' is not an origin such as https://app.example.", nameof(options.AllowedOrigins));
        }

        return errors.Build();
    }

    private static void CheckSizes(ChannelEndpointOptions options, ValidateOptionsResultBuilder errors)
    {
        Check(errors, nameof(options.MaxPublishBytes), options.MaxPublishBytes, 1, LargestBody);
        Check(errors, nameof(options.MaxBodyBytes), options.MaxBodyBytes, 1, LargestBody);
        Check(errors, nameof(options.MaxClientMessageBytes), options.MaxClientMessageBytes, 125, LargestBody);
        Check(errors, nameof(options.MaxStreamAddresses), options.MaxStreamAddresses, 1, 10_000);
        Check(errors, nameof(options.MaxLagMessages), options.MaxLagMessages, 1, 10_000_000);
        Check(errors, nameof(options.MaxLagBytes), options.MaxLagBytes, 1, 16L * 1024 * 1024 * 1024);
        Check(errors, nameof(options.MaxTickets), options.MaxTickets, 1, 10_000_000);
    }

    private static void CheckTimes(ChannelEndpointOptions options, ValidateOptionsResultBuilder errors)
    {
        Check(errors, nameof(options.PreflightMaxAge), options.PreflightMaxAge, TimeSpan.Zero, Day);
        Check(errors, nameof(options.PollSocketDuration), options.PollSocketDuration, Second, Day);
        Check(errors, nameof(options.HeartbeatInterval), options.HeartbeatInterval, Second, TimeSpan.FromMinutes(5));
        Check(errors, nameof(options.ReconnectDelay), options.ReconnectDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(5));
        Check(errors, nameof(options.KeepAliveInterval), options.KeepAliveInterval, Second, Hour);
        Check(errors, nameof(options.KeepAliveTimeout), options.KeepAliveTimeout, Second, Hour);
        Check(errors, nameof(options.CloseTimeout), options.CloseTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        Check(errors, nameof(options.TicketLifetime), options.TicketLifetime, Second, Hour);
        Check(errors, nameof(options.RetryAfter), options.RetryAfter, Second, Hour);
    }

    private static void Check<T>(ValidateOptionsResultBuilder errors, string name, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            errors.AddError(string.Create(CultureInfo.InvariantCulture, $"must be {least} to {most}."), name);
        }
    }

    private static bool IsOrigin(string? origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Host.Length > 0
        && uri.PathAndQuery == "/"
        && uri.Fragment.Length == 0
        && uri.UserInfo.Length == 0;
}
