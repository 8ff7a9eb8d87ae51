using System.Security.Cryptography;
using Channels.Storage.Sqlite.Connections;
using Channels.Storage.Sqlite.Reading;

namespace Channels.Storage.Sqlite.Appending;

/// <summary>Remembers which author used which key on which address for which message.</summary>
internal sealed class IdempotencyKeys(SqliteSession session)
{
    private readonly Statement _find = session.Prepare(
        "SELECT message_key, created_at, message_expires_at, payload_hash FROM idempotency_keys WHERE address_id = ? AND author = ? AND key = ? AND expires_at > ?");

    private readonly Statement _message = session.Prepare("SELECT " + MessageRow.Columns + " FROM messages WHERE key = ?");

    private readonly Statement _remember = session.Prepare(
        """
        INSERT OR REPLACE INTO idempotency_keys (address_id, author, key, message_key, created_at, message_expires_at, payload_hash, expires_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """);

    /// <summary>Finds what became of an earlier entry with the same key; <see langword="null"/> when there is none that still counts.</summary>
    public AppendOutcome? Find(AddressState address, AppendEntry entry, long now)
    {
        _find.Bind(1, address.Id).Bind(2, NameOf(entry.Author)).Bind(3, entry.Draft.IdempotencyKey).Bind(4, now);
        if (!_find.Step())
        {
            return null;
        }

        var key = _find.Long(0);
        var (createdAt, expiresAt) = (_find.Long(1), _find.Long(2));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(entry.Draft.Payload.Span, hash);
        var isSame = _find.Blob(3).SequenceEqual(hash);
        _find.Reset();
        return isSame
            ? new AppendOutcome(AppendStatus.Duplicate, ReadMessage(key, entry.Address) ?? Rebuild(entry, key, createdAt, expiresAt))
            : new AppendOutcome(AppendStatus.KeyConflict);
    }

    public void Remember(AddressState address, AppendEntry entry, long key, ChannelMessage message, long now)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(entry.Draft.Payload.Span, hash);
        _remember
            .Bind(1, address.Id)
            .Bind(2, NameOf(entry.Author))
            .Bind(3, entry.Draft.IdempotencyKey)
            .Bind(4, key)
            .Bind(5, message.CreatedAt.UtcTicks)
            .Bind(6, message.ExpiresAt.UtcTicks)
            .Bind(7, hash)
            .Bind(8, now + Math.Min(entry.KeyWindow.Ticks, DateTimeOffset.MaxValue.Ticks - now))
            .Run();
    }

    // Lengths make the spelling unambiguous, and tell an empty id from none.
    private static string NameOf(MessageAuthor author) =>
        $"{author.Admin?.Length}:{author.Admin},{author.ApiKey?.Length}:{author.ApiKey},{author.User?.Length}:{author.User}";

    private ChannelMessage? ReadMessage(long key, ChannelAddress address)
    {
        if (!_message.Bind(1, key).Step())
        {
            return null;
        }

        var message = MessageRow.Read(_message, address);
        _message.Reset();
        return message;
    }

    // The message was removed meanwhile; the entry that repeats it has the same payload.
    private static ChannelMessage Rebuild(AppendEntry entry, long key, long createdAt, long expiresAt) =>
        entry.ToMessage(MessageKey.IdOf(key), new DateTimeOffset(createdAt, TimeSpan.Zero)) with
        {
            ExpiresAt = new DateTimeOffset(expiresAt, TimeSpan.Zero),
        };
}
