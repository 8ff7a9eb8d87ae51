using Channels.Storage.Sqlite.Appending;
using Channels.Storage.Sqlite.Ids;
using Channels.Storage.Sqlite.Writing;
using Dapper;

namespace Channels.Storage.Sqlite.Removal;

/// <summary>Removes what has expired and what belongs to deleted channels, and remembers up to where.</summary>
internal sealed class Remover(WriterSession session, InstanceTable instances, AddressTable addresses)
{
    private const int AddressesAtATime = 64;

    /// <summary>Removes expired messages of the addresses that have waited longest.</summary>
    public RemovalStep RemoveExpired(int limit, long now)
    {
        var due = session.Connection.Query<DueAddress>(
            """
            SELECT id Id, instance_id InstanceId, channel Channel, room Room
            FROM addresses WHERE next_expiry <= @now ORDER BY next_expiry LIMIT @AddressesAtATime
            """,
            new { now, AddressesAtATime }).AsList();
        if (due.Count == 0)
        {
            return default;
        }

        session.Begin();
        foreach (var instance in due.Select(address => address.InstanceId).Distinct())
        {
            KeepHead(instance);
        }

        var removed = 0;
        foreach (var address in due)
        {
            if (removed == limit)
            {
                break;
            }

            removed += RemoveExpired(address, limit - removed, now);
            addresses.Forget(address.InstanceId, address.Channel, address.Room);
        }

        return new RemovalStep(removed, HasMore: removed == limit || due.Count == AddressesAtATime);
    }

    /// <summary>Removes idempotency keys whose window has passed.</summary>
    public RemovalStep RemoveKeys(int limit, long now)
    {
        if (session.Connection.ExecuteScalar<long>("SELECT EXISTS (SELECT 1 FROM idempotency_keys WHERE expires_at <= @now)", new { now }) == 0)
        {
            return default;
        }

        session.Begin();
        var removed = session.Connection.Execute(
            """
            DELETE FROM idempotency_keys WHERE (address_id, author, key) IN
                (SELECT address_id, author, key FROM idempotency_keys WHERE expires_at <= @now ORDER BY expires_at LIMIT @limit)
            """,
            new { now, limit });
        return new RemovalStep(removed, HasMore: removed == limit);
    }

    /// <summary>Removes everything of a channel but the mark of how far it had got.</summary>
    public void RemoveChannel(InstanceState instance, string channel)
    {
        instances.EnsureRow(instance);
        KeepHead(instance.Row);
        session.Connection.Execute(
            """
            INSERT INTO removed_channels (instance_id, name, removed_through)
            SELECT @Row, @channel, through FROM (
                SELECT max(max(
                    removed_through,
                    ifnull((SELECT max(key) FROM messages WHERE address_id = addresses.id) & @MaxId, 0))) AS through
                FROM addresses WHERE instance_id = @Row AND channel = @channel)
            WHERE through > 0
            ON CONFLICT DO UPDATE SET removed_through = max(removed_through, excluded.removed_through);

            DELETE FROM messages WHERE address_id IN (SELECT id FROM addresses WHERE instance_id = @Row AND channel = @channel);
            DELETE FROM idempotency_keys WHERE address_id IN (SELECT id FROM addresses WHERE instance_id = @Row AND channel = @channel);
            DELETE FROM addresses WHERE instance_id = @Row AND channel = @channel;
            """,
            new { instance.Row, channel, MessageKey.MaxId });
        addresses.Clear();
    }

    /// <summary>Removes the messages of one address.</summary>
    /// <returns>How many.</returns>
    public int RemoveAddress(InstanceState instance, ChannelAddress address)
    {
        if (addresses.Find(instance, address) is not { } found)
        {
            return 0;
        }

        session.Begin(instance);
        KeepHead(instance.Row);
        session.Connection.Execute(
            """
            UPDATE addresses SET next_expiry = @NoExpiry, removed_through = max(
                removed_through,
                ifnull((SELECT max(key) FROM messages WHERE address_id = @Id) & @MaxId, 0))
            WHERE id = @Id
            """,
            new { found.Id, AddressState.NoExpiry, MessageKey.MaxId });
        var removed = session.Connection.Execute("DELETE FROM messages WHERE address_id = @Id", new { found.Id });
        addresses.Forget(instance.Row, address.Channel, address.Room ?? "");
        return removed;
    }

    // The head is found by the newest message after an unclean end, so it is written before that may go.
    private void KeepHead(long instance) => session.Connection.Execute(
        """
        UPDATE instances SET head = max(head, newest.key & @MaxId), head_time = max(head_time, newest.created_at)
        FROM (SELECT key, created_at FROM messages WHERE key BETWEEN @first AND @end ORDER BY key DESC LIMIT 1) AS newest
        WHERE id = @instance
        """,
        new { instance, MessageKey.MaxId, first = MessageKey.Of(instance, 0), end = MessageKey.End(instance) });

    private int RemoveExpired(DueAddress address, int limit, long now)
    {
        var (count, last) = session.Connection.QuerySingle<(long Count, long Last)>(
            """
            SELECT count(*), ifnull(max(key), 0)
            FROM (SELECT key FROM messages WHERE address_id = @Id AND expires_at <= @now ORDER BY key LIMIT @limit)
            """,
            new { address.Id, now, limit });
        session.Connection.Execute(
            "DELETE FROM messages WHERE address_id = @Id AND key <= @last AND expires_at <= @now",
            new { address.Id, last, now });
        session.Connection.Execute(
            "UPDATE addresses SET removed_through = max(removed_through, @through) WHERE id = @Id",
            new { address.Id, through = MessageKey.IdOf(last) });

        // When there may be more, the address stays due.
        if (count < limit)
        {
            session.Connection.Execute(
                "UPDATE addresses SET next_expiry = ifnull((SELECT min(expires_at) FROM messages WHERE address_id = @Id), @NoExpiry) WHERE id = @Id",
                new { address.Id, AddressState.NoExpiry });
        }

        return (int)count;
    }

    private sealed record DueAddress(long Id, long InstanceId, string Channel, string Room);
}
