namespace Channels.Storage.Memory;

/// <summary>Finds the logs of an instance's addresses, and forgets those that have long been empty. Guarded by its instance's lock.</summary>
/// <remarks>
/// An empty address is kept for its removed-through mark alone. How many are kept is bounded; the marks of the forgotten ones are folded
/// into one floor, and an address that is not known counts as removed through the floor. So a cursor that may stand before something
/// forgotten is always told of a gap, and one at or behind the floor, as every recent one is, never without reason.
/// </remarks>
internal sealed class AddressIndex(int maxEmpty)
{
    private readonly Dictionary<string, ChannelLog> _channels = new(StringComparer.Ordinal);
    private readonly Queue<(ChannelLog Channel, AddressLog? Address, long Mark)> _empty = new();
    private long _floor;

    public ChannelLog? FindChannel(string name) => _channels.GetValueOrDefault(name);

    public AddressLog? Find(in ChannelAddress address) => FindChannel(address.Channel)?.Find(address.Room);

    public ChannelLog GetOrAddChannel(string name)
    {
        if (!_channels.TryGetValue(name, out var channel))
        {
            channel = new(name);
            _channels.Add(name, channel);
        }

        return channel;
    }

    public AddressLog Add(in ChannelAddress address) => GetOrAddChannel(address.Channel).Add(address.Room, _floor);

    /// <summary>Highest id of an address that is gone, as far as it is known.</summary>
    public long GoneThrough(in ChannelAddress address, DateTimeOffset now)
    {
        var channel = FindChannel(address.Channel);
        return channel?.Find(address.Room)?.GoneThrough(now) ?? Math.Max(_floor, channel?.RemovedThrough ?? 0);
    }

    /// <summary>Takes note that an address has lost its last message.</summary>
    public void Emptied(AddressLog log)
    {
        if (!log.IsQueued)
        {
            Enqueue(log);
            Forget();
        }
    }

    /// <summary>Removes all addresses of a channel that is being deleted.</summary>
    public void Delete(ChannelLog channel, long removedThrough)
    {
        channel.Descriptor = null;
        channel.RemoveAddresses(removedThrough);
        RemoveIfIdle(channel);
        Forget();
    }

    private void Enqueue(AddressLog log)
    {
        log.IsQueued = true;
        _empty.Enqueue((log.Channel, log, log.RemovedThrough));
    }

    private void RemoveIfIdle(ChannelLog channel)
    {
        if (!channel.IsIdle || channel.IsQueued)
        {
            return;
        }

        if (channel.RemovedThrough <= _floor)
        {
            _channels.Remove(channel.Name);
            return;
        }

        channel.IsQueued = true;
        _empty.Enqueue((channel, null, channel.RemovedThrough));
    }

    private void Forget()
    {
        // Each call follows at most one addition: two steps are enough to get back to the bound, and none takes long.
        for (var i = 0; i < 2 && _empty.Count > maxEmpty; i++)
        {
            var (channel, address, mark) = _empty.Dequeue();
            if (address is null)
            {
                ForgetChannel(channel, mark);
            }
            else
            {
                ForgetAddress(address, mark);
            }
        }
    }

    private void ForgetChannel(ChannelLog channel, long mark)
    {
        channel.IsQueued = false;
        if (channel.IsIdle && channel.RemovedThrough == mark)
        {
            _floor = Math.Max(_floor, mark);
        }

        RemoveIfIdle(channel);
    }

    private void ForgetAddress(AddressLog log, long mark)
    {
        log.IsQueued = false;
        if (log.Count > 0 || log.Channel.Find(log.Room) != log)
        {
            return;
        }

        if (log.KeyCount > 0 || log.RemovedThrough != mark)
        {
            Enqueue(log);
            return;
        }

        _floor = Math.Max(_floor, mark);
        log.Channel.Remove(log);
        RemoveIfIdle(log.Channel);
    }
}
