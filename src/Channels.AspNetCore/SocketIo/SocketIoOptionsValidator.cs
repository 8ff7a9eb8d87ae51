using Channels.AspNetCore.SocketIo.Packets;
using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.SocketIo;

/// <summary>Checks every setting and reports all errors at once.</summary>
internal sealed class SocketIoOptionsValidator : IValidateOptions<SocketIoOptions>
{
    private const long SixteenGibibytes = 16L * 1024 * 1024 * 1024;

    private static readonly TimeSpan Tenth = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Minutes = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, SocketIoOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new ValidateOptionsResultBuilder();
        CheckTimes(options, errors);
        CheckSizes(options, errors);
        CheckNames(options, errors);
        errors.CheckOrigins(nameof(options.AllowedOrigins), options.AllowedOrigins);
        return errors.Build();
    }

    private static void CheckTimes(SocketIoOptions options, ValidateOptionsResultBuilder errors)
    {
        errors.Check(nameof(options.PingInterval), options.PingInterval, TimeSpan.FromMilliseconds(10), Hour);
        errors.Check(nameof(options.PingTimeout), options.PingTimeout, TimeSpan.FromMilliseconds(10), Hour);
        errors.Check(nameof(options.UpgradeTimeout), options.UpgradeTimeout, Tenth, Minutes);
        errors.Check(nameof(options.PollingCloseTimeout), options.PollingCloseTimeout, Tenth, Minutes);
        errors.Check(nameof(options.ConnectTimeout), options.ConnectTimeout, Tenth, Hour);
        errors.Check(nameof(options.CloseTimeout), options.CloseTimeout, Tenth, TimeSpan.FromMinutes(1));
        errors.Check(nameof(options.RetryAfter), options.RetryAfter, TimeSpan.FromSeconds(1), Hour);
        if (options.RetryAfter.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            errors.AddError("must be whole seconds.", nameof(options.RetryAfter));
        }

        if (options.Speakap.TokenCheckInterval is { } interval)
        {
            errors.Check("Speakap.TokenCheckInterval", interval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        }
    }

    private static void CheckSizes(SocketIoOptions options, ValidateOptionsResultBuilder errors)
    {
        errors.Check(nameof(options.MaxMessageBytes), options.MaxMessageBytes, 1024, 100 * 1024 * 1024);
        errors.Check(nameof(options.MaxSessions), options.MaxSessions, 1, 10_000_000);
        errors.Check(nameof(options.MaxQueuedMessages), options.MaxQueuedMessages, 1, 10_000_000);
        errors.Check(nameof(options.MaxQueuedBytes), options.MaxQueuedBytes, 1, SixteenGibibytes);
        errors.Check(nameof(options.MaxLagMessages), options.MaxLagMessages, 1, 10_000_000);
        errors.Check(nameof(options.MaxLagBytes), options.MaxLagBytes, 1, SixteenGibibytes);
        errors.Check(nameof(options.MaxAttachments), options.MaxAttachments, 0, 10_000);
        errors.Check(nameof(options.MaxAttachmentBytes), options.MaxAttachmentBytes, 0, 1024 * 1024 * 1024);
        errors.Check(nameof(options.MaxJsonDepth), options.MaxJsonDepth, 2, 1000);
        errors.Check(nameof(options.MaxPendingEvents), options.MaxPendingEvents, 1, 100_000);
        errors.Check(nameof(options.MaxPendingBytes), options.MaxPendingBytes, 0, 1024 * 1024 * 1024);
        errors.Check("Speakap.MaxChannels", options.Speakap.MaxChannels, 1, 1_000_000);
        errors.Check("Speakap.MaxCommandBytes", options.Speakap.MaxCommandBytes, 64, 16 * 1024 * 1024);
    }

    private static void CheckNames(SocketIoOptions options, ValidateOptionsResultBuilder errors)
    {
        if (string.IsNullOrEmpty(options.Instance) || options.Instance.Length > ChannelAddress.MaxInstanceLength)
        {
            errors.AddError($"must have 1 to {ChannelAddress.MaxInstanceLength} characters.", nameof(options.Instance));
        }

        if (options.Speakap.EventName is { } name && (name.Length == 0 || SocketIoPacketReader.IsReserved(name) || name == "subscribe_error"))
        {
            errors.AddError("must be a name that clients do not use themselves.", "Speakap.EventName");
        }
    }
}
