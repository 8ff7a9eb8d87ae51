namespace Channels.Storage.Memory;

/// <summary>What the store knows of one channel name. Guarded by its instance's lock.</summary>
internal sealed class ChannelLog(string name)
{
    private AddressLog? _roomless;
    private Dictionary<string, AddressLog>? _rooms;

    public string Name => name;

    /// <summary>The stored descriptor, if any.</summary>
    public ChannelDescriptor? Descriptor { get; set; }

    /// <summary>Version of the stored descriptor; 0 for none.</summary>
    public long Version => Descriptor?.Version ?? 0;

    /// <summary>Highest id that went with a deleted channel of this name.</summary>
    public long RemovedThrough { get; private set; }

    /// <summary>Whether <see cref="AddressIndex"/> has it among those that may be forgotten.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Whether nothing but <see cref="RemovedThrough"/> is known.</summary>
    public bool IsIdle => Descriptor is null && _roomless is null && _rooms is null;

    public IEnumerable<AddressLog> Addresses => _roomless is null ? Rooms : Rooms.Prepend(_roomless);

    private IEnumerable<AddressLog> Rooms => _rooms?.Values ?? Enumerable.Empty<AddressLog>();

    public AddressLog? Find(string? room) => room is null ? _roomless : _rooms?.GetValueOrDefault(room);

    public AddressLog Add(string? room, long removedThrough)
    {
        var log = new AddressLog(this, room, Math.Max(removedThrough, RemovedThrough));
        if (room is null)
        {
            _roomless = log;
        }
        else
        {
            (_rooms ??= new(StringComparer.Ordinal)).Add(room, log);
        }

        return log;
    }

    public void Remove(AddressLog log)
    {
        if (log.Room is null)
        {
            _roomless = null;
        }
        else if (_rooms is not null && _rooms.Remove(log.Room) && _rooms.Count == 0)
        {
            _rooms = null;
        }
    }

    /// <summary>Removes all addresses and remembers how far they went.</summary>
    public void RemoveAddresses(long removedThrough)
    {
        RemovedThrough = Math.Max(RemovedThrough, removedThrough);
        (_roomless, _rooms) = (null, null);
    }
}
