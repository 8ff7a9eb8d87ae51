namespace Channels.Engine;

/// <summary>The positions of one connection, by address. Most connections have one, which needs no table.</summary>
internal struct ReaderSet
{
    private AddressReader? _only;
    private Dictionary<ChannelAddress, AddressReader>? _several;

    public readonly int Count => _several?.Count ?? (_only is null ? 0 : 1);

    public readonly IEnumerable<AddressReader> All => _several is not null ? _several.Values : _only is null ? [] : [_only];

    public readonly AddressReader? Find(in ChannelAddress address) => _several is not null
        ? _several.GetValueOrDefault(address)
        : _only?.Feed.Address == address ? _only : null;

    public readonly bool Contains(AddressReader reader) => Find(reader.Feed.Address) == reader;

    /// <summary>Adds a position, or puts it in the place of another one of the same address.</summary>
    public void Set(AddressReader reader)
    {
        if (_several is null && (_only is null || _only.Feed.Address == reader.Feed.Address))
        {
            _only = reader;
            return;
        }

        _several ??= new() { [_only!.Feed.Address] = _only };
        _several[reader.Feed.Address] = reader;
        _only = null;
    }

    public bool Remove(AddressReader reader)
    {
        if (!Contains(reader))
        {
            return false;
        }

        _only = null;
        _several?.Remove(reader.Feed.Address);
        return true;
    }
}
