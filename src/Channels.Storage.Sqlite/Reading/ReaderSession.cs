using Channels.Storage.Sqlite.Connections;
using Channels.Storage.Sqlite.Ids;
using Channels.Storage.Sqlite.Objects;
using Microsoft.Data.Sqlite;

namespace Channels.Storage.Sqlite.Reading;

/// <summary>A reading connection. Each read is one snapshot of the database.</summary>
internal sealed class ReaderSession : SqliteSession
{
    private const int MostRememberedAddresses = 1024;
    private const string Select = "SELECT " + MessageRow.Columns + " FROM messages WHERE ";

    private readonly Statement _address;
    private readonly Statement _removedChannel;
    private readonly Statement _rooms;
    private readonly Statement _addressById;
    private readonly Statement _ascending;
    private readonly Statement _descending;
    private readonly Statement _keysAscending;
    private readonly Statement _keysDescending;
    private readonly Statement _byKey;
    private readonly Statement _byInstance;
    private readonly TimeSearch _times;
    private readonly Dictionary<long, ChannelAddress> _addresses = [];

    public ReaderSession(SqliteConnection connection)
        : base(connection, "BEGIN")
    {
        _address = Prepare(
            """
            SELECT id, CASE WHEN next_expiry > ?4 THEN removed_through ELSE max(
                removed_through,
                ifnull((SELECT max(key) FROM messages WHERE address_id = addresses.id AND expires_at <= ?4) & ?5, 0)) END
            FROM addresses WHERE instance_id = ?1 AND channel = ?2 AND room = ?3
            """);
        _removedChannel = Prepare("SELECT removed_through FROM removed_channels WHERE instance_id = ? AND name = ?");
        _rooms = Prepare("SELECT id, room FROM addresses WHERE instance_id = ? AND channel = ?");
        _addressById = Prepare("SELECT channel, room FROM addresses WHERE id = ?");
        _ascending = Prepare(Select + "address_id = ? AND key > ? AND key < ? AND expires_at > ? ORDER BY key LIMIT ?");
        _descending = Prepare(Select + "address_id = ? AND key > ? AND key < ? AND expires_at > ? ORDER BY key DESC LIMIT ?");
        _keysAscending = Prepare("SELECT key FROM messages WHERE address_id = ? AND key > ? AND key < ? AND expires_at > ? ORDER BY key LIMIT ?");
        _keysDescending = Prepare("SELECT key FROM messages WHERE address_id = ? AND key > ? AND key < ? AND expires_at > ? ORDER BY key DESC LIMIT ?");
        _byKey = Prepare(Select + "key = ?");
        _byInstance = Prepare(Select + "key > ? AND key < ? AND expires_at > ? ORDER BY key LIMIT ?");
        _times = new TimeSearch(this);
        Objects = new ObjectReader(this);
    }

    /// <summary>Reads data objects.</summary>
    public ObjectReader Objects { get; }

    public MessageSlice ReadAfter(InstanceView view, IReadOnlyList<ReadPosition> positions, int limit, long now)
    {
        RunBegin();
        try
        {
            var removed = new MessageCursor[positions.Count];
            var messages = positions.Count == 1
                ? ReadOne(view.Row, positions[0], limit, now, removed)
                : ReadMany(view.Row, positions, limit, now, removed);
            return new MessageSlice(messages, ThroughOf(view, messages, limit), removed);
        }
        finally
        {
            RunRollback();
        }
    }

    public MessageSlice ReadInstanceAfter(InstanceView view, string instance, long after, int limit, long now)
    {
        RunBegin();
        try
        {
            var messages = new List<ChannelMessage>(Math.Min(limit, 128));
            _byInstance.Bind(1, MessageKey.Of(view.Row, after)).Bind(2, MessageKey.End(view.Row)).Bind(3, now).Bind(4, limit);
            while (_byInstance.Step())
            {
                messages.Add(MessageRow.Read(_byInstance, AddressOf(MessageRow.AddressIdOf(_byInstance), instance)));
            }

            return new MessageSlice(messages, ThroughOf(view, messages, limit), []);
        }
        finally
        {
            _byInstance.Reset();
            RunRollback();
        }
    }

    public IReadOnlyList<ChannelMessage> ReadPage(InstanceView view, PageQuery query, long now)
    {
        RunBegin();
        try
        {
            var range = new KeyRange(
                MessageKey.Of(view.Row, query.After.Value),
                query.Before is { } before ? MessageKey.Of(view.Row, before.Value) : MessageKey.End(view.Row),
                !query.OldestFirst);
            if (query.AllRooms)
            {
                return ReadRooms(view.Row, query, range, now);
            }

            var address = Find(view.Row, query.Address, now);
            return address.Id == 0 ? [] : ReadRange(address.Id, query.Address, range, query.Limit, now);
        }
        finally
        {
            RunRollback();
        }
    }

    public MessageCursor Find(InstanceView view, long time)
    {
        RunBegin();
        try
        {
            return _times.Find(view, time);
        }
        finally
        {
            RunRollback();
        }
    }

    // The snapshot is not older than the view; everything in it up to its last message was asked for.
    private static MessageCursor ThroughOf(InstanceView view, List<ChannelMessage> messages, int limit)
    {
        if (messages.Count == 0)
        {
            return view.Head.Head;
        }

        var last = messages[^1].Cursor;
        return messages.Count == limit || last > view.Head.Head ? last : view.Head.Head;
    }

    private List<ChannelMessage> ReadOne(long row, ReadPosition position, int limit, long now, MessageCursor[] removed)
    {
        var address = Find(row, position.Address, now);
        removed[0] = new(address.RemovedThrough);
        var range = new KeyRange(MessageKey.Of(row, position.After.Value), MessageKey.End(row), Descending: false);
        return address.Id == 0 ? [] : ReadRange(address.Id, position.Address, range, limit, now);
    }

    private List<ChannelMessage> ReadMany(long row, IReadOnlyList<ReadPosition> positions, int limit, long now, MessageCursor[] removed)
    {
        var merged = new MergedKeys(limit, descending: false);
        for (var i = 0; i < positions.Count; i++)
        {
            var address = Find(row, positions[i].Address, now);
            removed[i] = new(address.RemovedThrough);
            if (address.Id != 0)
            {
                Collect(merged, i, address.Id, new KeyRange(MessageKey.Of(row, positions[i].After.Value), MessageKey.End(row), false), limit, now);
            }
        }

        return ReadKeys(merged, i => positions[i].Address);
    }

    private List<ChannelMessage> ReadRooms(long row, PageQuery query, KeyRange range, long now)
    {
        var rooms = new List<(long Id, string Room)>();
        _rooms.Bind(1, row).Bind(2, query.Address.Channel);
        while (_rooms.Step())
        {
            rooms.Add((_rooms.Long(0), _rooms.Text(1)));
        }

        var merged = new MergedKeys(query.Limit, range.Descending);
        for (var i = 0; i < rooms.Count; i++)
        {
            Collect(merged, i, rooms[i].Id, range, query.Limit, now);
        }

        return ReadKeys(merged, i => query.Address with { Room = rooms[i].Room.Length == 0 ? null : rooms[i].Room });
    }

    private AddressReading Find(long row, ChannelAddress address, long now)
    {
        _address.Bind(1, row).Bind(2, address.Channel).Bind(3, address.Room ?? "").Bind(4, now).Bind(5, MessageKey.MaxId);
        if (_address.Step())
        {
            var found = new AddressReading(_address.Long(0), _address.Long(1));
            _address.Reset();
            return found;
        }

        return new AddressReading(0, _removedChannel.Bind(1, row).Bind(2, address.Channel).Scalar() ?? 0);
    }

    private List<ChannelMessage> ReadRange(long addressId, ChannelAddress address, KeyRange range, int limit, long now)
    {
        var statement = Bind(range.Descending ? _descending : _ascending, addressId, range, limit, now);
        var messages = new List<ChannelMessage>(Math.Min(limit, 128));
        try
        {
            while (statement.Step())
            {
                messages.Add(MessageRow.Read(statement, address));
            }
        }
        finally
        {
            statement.Reset();
        }

        return messages;
    }

    private void Collect(MergedKeys merged, int source, long addressId, KeyRange range, int limit, long now)
    {
        var statement = Bind(range.Descending ? _keysDescending : _keysAscending, addressId, range, limit, now);
        while (statement.Step())
        {
            if (!merged.Offer(statement.Long(0), source))
            {
                break;
            }
        }

        statement.Reset();
    }

    private List<ChannelMessage> ReadKeys(MergedKeys merged, Func<int, ChannelAddress> addressOf)
    {
        var messages = new List<ChannelMessage>();
        foreach (var (key, source) in merged.InOrder())
        {
            _byKey.Bind(1, key);
            if (_byKey.Step())
            {
                messages.Add(MessageRow.Read(_byKey, addressOf(source)));
                _byKey.Reset();
            }
        }

        return messages;
    }

    private static Statement Bind(Statement statement, long addressId, KeyRange range, int limit, long now) =>
        statement.Bind(1, addressId).Bind(2, range.After).Bind(3, range.Before).Bind(4, now).Bind(5, limit);

    private ChannelAddress AddressOf(long id, string instance)
    {
        if (_addresses.TryGetValue(id, out var known))
        {
            return known;
        }

        if (_addresses.Count == MostRememberedAddresses)
        {
            _addresses.Clear();
        }

        _addressById.Bind(1, id).Step();
        var address = new ChannelAddress(_addressById.Text(0), _addressById.Text(1) is { Length: > 0 } room ? room : null, instance);
        _addressById.Reset();
        _addresses.Add(id, address);
        return address;
    }

    private readonly record struct KeyRange(long After, long Before, bool Descending);
}
