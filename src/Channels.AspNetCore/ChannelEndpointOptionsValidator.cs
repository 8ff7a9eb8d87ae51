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
        errors.CheckOrigins(nameof(options.AllowedOrigins), options.AllowedOrigins);
        return errors.Build();
    }

    private static void CheckSizes(ChannelEndpointOptions options, ValidateOptionsResultBuilder errors)
    {
        errors.Check(nameof(options.MaxPublishBytes), options.MaxPublishBytes, 1, LargestBody);
        errors.Check(nameof(options.MaxBodyBytes), options.MaxBodyBytes, 1, LargestBody);
        errors.Check(nameof(options.MaxClientMessageBytes), options.MaxClientMessageBytes, 125, LargestBody);
        errors.Check(nameof(options.MaxStreamAddresses), options.MaxStreamAddresses, 1, 10_000);
        errors.Check(nameof(options.MaxLagMessages), options.MaxLagMessages, 1, 10_000_000);
        errors.Check(nameof(options.MaxLagBytes), options.MaxLagBytes, 1, 16L * 1024 * 1024 * 1024);
        errors.Check(nameof(options.MaxTickets), options.MaxTickets, 1, 10_000_000);
    }

    private static void CheckTimes(ChannelEndpointOptions options, ValidateOptionsResultBuilder errors)
    {
        errors.Check(nameof(options.PreflightMaxAge), options.PreflightMaxAge, TimeSpan.Zero, Day);
        errors.Check(nameof(options.PollSocketDuration), options.PollSocketDuration, Second, Day);
        errors.Check(nameof(options.HeartbeatInterval), options.HeartbeatInterval, Second, TimeSpan.FromMinutes(5));
        errors.Check(nameof(options.ReconnectDelay), options.ReconnectDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(5));
        errors.Check(nameof(options.KeepAliveInterval), options.KeepAliveInterval, Second, Hour);
        errors.Check(nameof(options.KeepAliveTimeout), options.KeepAliveTimeout, Second, Hour);
        errors.Check(nameof(options.CloseTimeout), options.CloseTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        errors.Check(nameof(options.TicketLifetime), options.TicketLifetime, Second, Hour);
        errors.Check(nameof(options.RetryAfter), options.RetryAfter, Second, Hour);
    }
}
