namespace Channels.AspNetCore.Pusher;

/// <summary>The last event of cache channels: the newest stored message, which every other front end can read too.</summary>
/// <param name="channels">The engine, acting as the host.</param>
/// <param name="time">The clock.</param>
internal sealed class PusherCache(IChannels channels, TimeProvider time)
{
    private static readonly HistoryQuery Newest = new() { Limit = 1 };

    public async ValueTask<PusherCachedEvent> FindAsync(ChannelAddress address, CancellationToken cancellationToken)
    {
        var page = await channels.ReadHistoryAsync(address, Newest, cancellationToken);
        return page.Messages is [var message, ..]
            ? new(message, Math.Max(0, (long)(message.ExpiresAt - time.GetUtcNow()).TotalSeconds))
            : default;
    }
}
