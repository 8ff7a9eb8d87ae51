using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.Pusher;

/// <summary>Checks every setting and reports all errors at once.</summary>
internal sealed class PusherOptionsValidator : IValidateOptions<PusherOptions>
{
    private const int LargestBody = 16 * 1024 * 1024;

    private static readonly TimeSpan Tenth = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, PusherOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new ValidateOptionsResultBuilder();
        CheckTimes(options, errors);
        CheckSizes(options, errors);
        CheckDelivery(options.Webhooks, errors);
        for (var i = 0; i < options.Apps.Count; i++)
        {
            new PusherAppValidator(options, errors, $"{nameof(options.Apps)}:{i}").Check(options.Apps[i]);
        }

        if (options.FallbackPath.Length > 0 && (options.FallbackPath[0] != '/' || options.FallbackPath[^1] == '/'))
        {
            errors.AddError("must be empty, or start and not end with a slash.", nameof(options.FallbackPath));
        }

        errors.CheckOrigins(nameof(options.AllowedOrigins), options.AllowedOrigins);

        return errors.Build();
    }

    private static void CheckTimes(PusherOptions o, ValidateOptionsResultBuilder errors)
    {
        errors.Check(nameof(o.ActivityTimeout), o.ActivityTimeout, Second, Hour);
        errors.Check(nameof(o.PongTimeout), o.PongTimeout, Second, Hour);
        errors.Check(nameof(o.TimestampTolerance), o.TimestampTolerance, Second, TimeSpan.FromDays(1));
        errors.Check(nameof(o.FallbackHeartbeat), o.FallbackHeartbeat, Second, FiveMinutes);
        errors.Check(nameof(o.FallbackDisconnectDelay), o.FallbackDisconnectDelay, Second, FiveMinutes);
        errors.Check(nameof(o.CloseTimeout), o.CloseTimeout, Tenth, Minute);
        errors.Check(nameof(o.OfflineDelay), o.OfflineDelay, TimeSpan.Zero, FiveMinutes);
        if (o.ActivityTimeout.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            errors.AddError("must be whole seconds.", nameof(o.ActivityTimeout));
        }
    }

    private static void CheckSizes(PusherOptions o, ValidateOptionsResultBuilder errors)
    {
        errors.Check(nameof(o.MaxClientMessageBytes), o.MaxClientMessageBytes, 1024, LargestBody);
        errors.Check(nameof(o.MaxMessagesPerSend), o.MaxMessagesPerSend, 1, 10_000);
        errors.Check(nameof(o.MaxRequestBytes), o.MaxRequestBytes, 1024, LargestBody);
        errors.Check(nameof(o.MaxListedChannels), o.MaxListedChannels, 1, 10_000_000);
        errors.Check(nameof(o.MaxConnections), o.MaxConnections, 1, int.MaxValue);
        errors.Check(nameof(o.MaxStreamBytes), o.MaxStreamBytes, 512 * 1024, 1024L * 1024 * 1024);
        errors.Check(nameof(o.MaxLagMessages), o.MaxLagMessages, 1, 10_000_000);
        errors.Check(nameof(o.MaxLagBytes), o.MaxLagBytes, 1, 16L * 1024 * 1024 * 1024);
    }

    private static void CheckDelivery(PusherWebhookDeliveryOptions o, ValidateOptionsResultBuilder errors)
    {
        const string Path = nameof(PusherOptions.Webhooks);
        errors.Check($"{Path}:{nameof(o.Timeout)}", o.Timeout, Tenth, FiveMinutes);
        errors.Check($"{Path}:{nameof(o.RetryFor)}", o.RetryFor, TimeSpan.Zero, Hour);
        errors.Check($"{Path}:{nameof(o.RetryDelay)}", o.RetryDelay, TimeSpan.FromMilliseconds(10), Minute);
        errors.Check($"{Path}:{nameof(o.LeaveDelay)}", o.LeaveDelay, TimeSpan.Zero, Minute);
        errors.Check($"{Path}:{nameof(o.BatchDelay)}", o.BatchDelay, TimeSpan.Zero, Minute);
        errors.Check($"{Path}:{nameof(o.MaxBatchEvents)}", o.MaxBatchEvents, 1, 10_000);
        errors.Check($"{Path}:{nameof(o.MaxQueuedEvents)}", o.MaxQueuedEvents, 1, 1_000_000);
    }
}
