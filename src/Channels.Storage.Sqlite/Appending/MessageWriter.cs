using Channels.Storage.Sqlite.Connections;
using Channels.Storage.Sqlite.Reading;

namespace Channels.Storage.Sqlite.Appending;

/// <summary>Inserts rows of messages.</summary>
internal sealed class MessageWriter(SqliteSession session)
{
    private readonly Statement _insert = session.Prepare(
        "INSERT INTO messages (" + MessageRow.Columns + ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)");

    public void Insert(long key, long addressId, ChannelMessage message)
    {
        _insert
            .Bind(1, key)
            .Bind(2, addressId)
            .Bind(3, message.CreatedAt.UtcTicks)
            .Bind(4, message.ExpiresAt.UtcTicks)
            .Bind(5, MessageRow.FlagsOf(message))
            .Bind(6, message.Payload.Span)
            .Bind(7, message.Event)
            .Bind(8, message.Metadata.ObjectClass)
            .Bind(9, message.Author.Admin)
            .Bind(10, message.Author.ApiKey)
            .Bind(11, message.Author.User)
            .Bind(12, message.ExcludedConnection)
            .Bind(13, message.Attributes.SenderMember);
        if (message.Attributes.WireExtras.IsEmpty)
        {
            _insert.BindNull(14);
        }
        else
        {
            _insert.Bind(14, message.Attributes.WireExtras.Span);
        }

        _insert.Run();
    }
}
