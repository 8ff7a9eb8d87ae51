using System.Buffers;
using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.PushStream;

/// <summary>Checks every setting and reports all errors at once.</summary>
internal sealed class PushStreamOptionsValidator : IValidateOptions<PushStreamOptions>
{
    private const int LargestBody = 16 * 1024 * 1024;
    private const int LongestName = ChannelAddress.MaxNameLength * 4;

    private static readonly SearchValues<char> Reserved = SearchValues.Create("{}?/*~");

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, PushStreamOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new ValidateOptionsResultBuilder();
        if (!new ChannelAddress("any", null, options.Instance).IsValid)
        {
            errors.AddError("is no name of an instance.", nameof(options.Instance));
        }

        CheckPaths(options, errors);
        CheckSizes(options, errors);
        CheckTimes(options, errors);
        errors.CheckOrigins(nameof(options.AllowedOrigins), options.AllowedOrigins);
        return errors.Build();
    }

    private static void CheckPaths(PushStreamOptions options, ValidateOptionsResultBuilder errors)
    {
        (string Name, string Path)[] paths =
        [
            (nameof(options.WebSocketPath), options.WebSocketPath),
            (nameof(options.LongPollPath), options.LongPollPath),
            (nameof(options.ShortPollPath), options.ShortPollPath),
            (nameof(options.EventSourcePath), options.EventSourcePath),
        ];
        foreach (var (name, path) in paths)
        {
            if (path is null || path.AsSpan().ContainsAny(Reserved))
            {
                errors.AddError("must be one segment of a path, or empty.", name);
            }
            else if (path.Length > 0 && paths.Count(other => string.Equals(other.Path, path, StringComparison.OrdinalIgnoreCase)) > 1)
            {
                errors.AddError("is the path of another transport too.", name);
            }
        }
    }

    private static void CheckSizes(PushStreamOptions options, ValidateOptionsResultBuilder errors)
    {
        errors.Check(nameof(options.MaxChannels), options.MaxChannels, 1, 1000);
        errors.Check(nameof(options.MaxNameBytes), options.MaxNameBytes, 1, LongestName);
        errors.Check(nameof(options.MaxBacktrack), options.MaxBacktrack, 1, HistoryQuery.MaxLimit);
        errors.Check(nameof(options.MaxAnswerMessages), options.MaxAnswerMessages, 1, 100_000);
        errors.Check(nameof(options.MaxAnswerBytes), options.MaxAnswerBytes, 1, 1024 * 1024 * 1024);
        errors.Check(nameof(options.MaxClientMessageBytes), options.MaxClientMessageBytes, 125, LargestBody);
        errors.Check(nameof(options.MaxLagMessages), options.MaxLagMessages, 1, 10_000_000);
        errors.Check(nameof(options.MaxLagBytes), options.MaxLagBytes, 1, 16L * 1024 * 1024 * 1024);
        errors.Check(nameof(options.MaxPublishBytes), options.MaxPublishBytes, 1, LargestBody);
    }

    private static void CheckTimes(PushStreamOptions options, ValidateOptionsResultBuilder errors)
    {
        errors.Check(nameof(options.PollWindow), options.PollWindow, Second, Hour);
        errors.Check(nameof(options.PingInterval), options.PingInterval, Second, TimeSpan.FromMinutes(5));
        errors.Check(nameof(options.PingTimeout), options.PingTimeout, Second, Hour);
        errors.Check(nameof(options.CloseTimeout), options.CloseTimeout, TimeSpan.FromMilliseconds(100), Minute);
        errors.Check(nameof(options.ReconnectDelay), options.ReconnectDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(5));
        errors.Check(nameof(options.RetryAfter), options.RetryAfter, Second, Hour);
        if (options.MaxConnectionDuration is { } duration)
        {
            errors.Check(nameof(options.MaxConnectionDuration), duration, Second, TimeSpan.FromDays(30));
        }
    }
}
