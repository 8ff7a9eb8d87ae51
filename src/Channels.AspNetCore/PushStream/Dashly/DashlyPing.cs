using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.PushStream.Dashly;

/// <summary>Publishes to <c>ping</c> from time to time while somebody listens there, so that clients see that their connection lives.</summary>
internal sealed partial class DashlyPing(
    IChannels channels, IOptions<PushStreamOptions> pushStream, IOptions<DashlyOptions> dashly, TimeProvider time, ILogger<DashlyPing> logger)
    : BackgroundService
{
    private static readonly MessageDraft Nothing = new("{}"u8) { Transient = true };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var address = new ChannelAddress(DashlyFamilies.Ping, null, pushStream.Value.Instance);
        using var timer = new PeriodicTimer(dashly.Value.PingInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await PingAsync(address, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private async ValueTask PingAsync(ChannelAddress address, CancellationToken stoppingToken)
    {
        try
        {
            var (_, subscriptions, _) = await channels.Presence.CountAsync(address, stoppingToken);
            if (subscriptions > 0 && await channels.TryPublishAsync(address, Nothing, stoppingToken) is { Succeeded: false, Status: var status })
            {
                Log.NotPublished(logger, status);
            }
        }
#pragma warning disable CA1031 // a background tick goes on, whatever the store throws
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Log.Failed(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A ping was not published: {Status}. The next one is tried in time.", EventName = "PingNotPublished")]
        public static partial void NotPublished(ILogger logger, PublishStatus status);

        [LoggerMessage(2, LogLevel.Warning, "A ping failed. The next one is tried in time.", EventName = "PingFailed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
