namespace Channels.Storage.Memory;

internal sealed partial class InstanceLog
{
    private volatile ChannelIndex _channels = ChannelIndex.Empty;
    private long _lastVersion;
    private long _lastSequence;

    public ChannelDescriptor? GetChannel(string name)
    {
        lock (_lock)
        {
            return _addresses.FindChannel(name)?.Descriptor;
        }
    }

    public IReadOnlyList<ChannelDescriptor> ListChannels(ChannelListQuery query) => _channels.List(query);

    public ChannelDescriptor? CreateChannel(ChannelDescriptor descriptor)
    {
        lock (_lock)
        {
            var channel = _addresses.GetOrAddChannel(descriptor.Name);
            if (channel.Descriptor is not null)
            {
                return null;
            }

            channel.Descriptor = descriptor with { Version = ++_lastVersion, Sequence = ++_lastSequence };
            _channels = _channels.Add(channel.Descriptor);
            return channel.Descriptor;
        }
    }

    public ChannelDescriptor? UpdateChannel(ChannelDescriptor descriptor)
    {
        lock (_lock)
        {
            if (_addresses.FindChannel(descriptor.Name) is not { Descriptor: { } stored } channel || stored.Version != descriptor.Version)
            {
                return null;
            }

            channel.Descriptor = descriptor with { Version = ++_lastVersion, Sequence = stored.Sequence };
            _channels = _channels.Remove(stored).Add(channel.Descriptor);
            return channel.Descriptor;
        }
    }

    public bool DeleteChannel(string name)
    {
        lock (_lock)
        {
            if (_addresses.FindChannel(name) is not { Descriptor: { } stored } channel)
            {
                return false;
            }

            _channels = _channels.Remove(stored);
            _objects.RemoveBound(name);
            _addresses.Delete(channel, RemoveMessages_NeedsLock(channel));
            Account_NeedsLock();
            return true;
        }
    }

    /// <returns>The highest id that the channel has had.</returns>
    private long RemoveMessages_NeedsLock(ChannelLog channel)
    {
        var through = 0L;
        foreach (var log in channel.Addresses)
        {
            RemoveMessages_NeedsLock(log);
            through = Math.Max(through, log.RemovedThrough);
        }

        return through;
    }
}
