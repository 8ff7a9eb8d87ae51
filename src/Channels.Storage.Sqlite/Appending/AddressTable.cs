using Channels.Storage.Sqlite.Connections;
using Channels.Storage.Sqlite.Ids;
using Channels.Storage.Sqlite.Writing;

namespace Channels.Storage.Sqlite.Appending;

/// <summary>
/// Numbers, row counts and earliest expiries of addresses, read when first needed. It remembers the addresses used last, in two generations:
/// when the newer is full, it becomes the older, and the older is forgotten.
/// </summary>
internal sealed class AddressTable(WriterSession session)
{
    private const int GenerationSize = 16_384;

    private readonly Statement _find = session.Prepare(
        "SELECT id, next_expiry, (SELECT count(*) FROM messages WHERE address_id = addresses.id) FROM addresses WHERE instance_id = ? AND channel = ? AND room = ?");

    private readonly Statement _insert = session.Prepare(
        """
        INSERT INTO addresses (instance_id, channel, room, removed_through, next_expiry)
        VALUES (?1, ?2, ?3, ifnull((SELECT removed_through FROM removed_channels WHERE instance_id = ?1 AND name = ?2), 0), ?4)
        RETURNING id
        """);

    private readonly Statement _setNextExpiry = session.Prepare("UPDATE addresses SET next_expiry = ? WHERE id = ?");
    private readonly Statement _lastSurplus = session.Prepare("SELECT key FROM messages WHERE address_id = ? ORDER BY key LIMIT 1 OFFSET ?");
    private readonly Statement _removeOldest = session.Prepare("DELETE FROM messages WHERE address_id = ? AND key <= ?");
    private readonly Statement _setRemoved = session.Prepare("UPDATE addresses SET removed_through = max(removed_through, ?) WHERE id = ?");

    private Dictionary<AddressKey, AddressState> _newer = [];
    private Dictionary<AddressKey, AddressState> _older = [];

    /// <summary>Finds an address; <see langword="null"/> when the database does not know it.</summary>
    public AddressState? Find(InstanceState instance, ChannelAddress address)
    {
        var key = new AddressKey(instance.Row, address.Channel, address.Room ?? "");
        if (_newer.TryGetValue(key, out var known))
        {
            return known;
        }

        var found = _older.TryGetValue(key, out known) ? known : Read(key);
        if (found is not null)
        {
            Remember(key, found);
        }

        return found;
    }

    /// <summary>Finds an address or makes it; in a transaction.</summary>
    public AddressState FindOrAdd(InstanceState instance, ChannelAddress address, long firstExpiry)
    {
        if (Find(instance, address) is { } found)
        {
            return found;
        }

        var key = new AddressKey(instance.Row, address.Channel, address.Room ?? "");
        _insert.Bind(1, key.Instance).Bind(2, key.Channel).Bind(3, key.Room).Bind(4, firstExpiry);
        var added = new AddressState(_insert.Scalar()!.Value) { NextExpiry = firstExpiry };
        Remember(key, added);
        return added;
    }

    /// <summary>Counts a row that was added.</summary>
    public void CountRow(AddressState address, long expiresAt, int keepCount)
    {
        address.Rows++;
        address.Kept = Math.Min(address.Kept + 1, keepCount);
        if (expiresAt < address.NextExpiry)
        {
            _setNextExpiry.Bind(1, expiresAt).Bind(2, address.Id).Run();
            address.NextExpiry = expiresAt;
        }
    }

    /// <summary>Removes the oldest rows beyond what is kept.</summary>
    public void RemoveSurplus(AddressState address)
    {
        var surplus = address.Rows - address.Kept;
        if (surplus == 0)
        {
            return;
        }

        var last = _lastSurplus.Bind(1, address.Id).Bind(2, surplus - 1).Scalar()!.Value;
        _removeOldest.Bind(1, address.Id).Bind(2, last).Run();
        _setRemoved.Bind(1, MessageKey.IdOf(last)).Bind(2, address.Id).Run();
        address.Rows = address.Kept;
    }

    /// <summary>Forgets an address whose rows were changed elsewhere.</summary>
    public void Forget(long instance, string channel, string room)
    {
        var key = new AddressKey(instance, channel, room);
        _newer.Remove(key);
        _older.Remove(key);
    }

    public void Clear()
    {
        _newer.Clear();
        _older.Clear();
    }

    private AddressState? Read(AddressKey key)
    {
        if (!_find.Bind(1, key.Instance).Bind(2, key.Channel).Bind(3, key.Room).Step())
        {
            return null;
        }

        var rows = _find.Long(2);
        var state = new AddressState(_find.Long(0)) { NextExpiry = _find.Long(1), Rows = rows, Kept = rows };
        _find.Reset();
        return state;
    }

    private void Remember(AddressKey key, AddressState state)
    {
        if (_newer.Count == GenerationSize)
        {
            (_newer, _older) = (_older, _newer);
            _newer.Clear();
        }

        _newer[key] = state;
    }

    private readonly record struct AddressKey(long Instance, string Channel, string Room);
}
