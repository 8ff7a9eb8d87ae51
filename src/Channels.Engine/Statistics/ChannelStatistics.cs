namespace Channels.Engine;

/// <summary>Tells what the dispatchers count.</summary>
internal sealed class ChannelStatistics(ChannelsEngine engine) : IChannelStatistics
{
    public long CountPublished(ChannelAddress address) => engine.Find(address.Instance)?.Log.CountPublished(address) ?? 0;

    public long CountAllPublished(string instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        return engine.Find(instance)?.Log.CountPublished() ?? 0;
    }

    public IReadOnlyList<PublishedCount> ListPublished(string instance, string prefix)
    {
        ArgumentNullException.ThrowIfNull(instance);
        ArgumentNullException.ThrowIfNull(prefix);
        return engine.Find(instance)?.Log.ListPublished(prefix) ?? [];
    }
}
