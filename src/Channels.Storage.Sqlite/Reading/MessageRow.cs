using Channels.Storage.Sqlite.Connections;

namespace Channels.Storage.Sqlite.Reading;

/// <summary>How a message is spelled as a row.</summary>
internal static class MessageRow
{
    /// <summary>The columns in the order that everything here counts on.</summary>
    public const string Columns =
        "key, address_id, created_at, expires_at, flags, payload, event, object_class, author_admin, author_api_key, author_user, excluded_connection, sender_member, wire_extras";

    // Bits of the flags; the lowest four are the action.
    private const long ActionMask = 0xF;
    private const long IsText = 0x10;
    private const long IsFromClient = 0x20;

    public static long FlagsOf(ChannelMessage message) =>
        (long)message.Action
        | (message.Attributes.Format == PayloadFormat.Text ? IsText : 0)
        | (message.Attributes.FromClient ? IsFromClient : 0);

    /// <summary>Reads the row that a statement over <see cref="Columns"/> stands at.</summary>
    public static ChannelMessage Read(Statement row, ChannelAddress address)
    {
        var flags = row.Long(4);
        return new ChannelMessage
        {
            Id = MessageKey.IdOf(row.Long(0)),
            Address = address,
            CreatedAt = TimeOf(row.Long(2)),
            ExpiresAt = TimeOf(row.Long(3)),
            Action = (MessageAction)(flags & ActionMask),
            Payload = row.Blob(5).ToArray(),
            Event = row.TextOrNull(6),
            Metadata = row.TextOrNull(7) is { } objectClass ? new(objectClass) : MessageMetadata.Message,
            Author = ReadAuthor(row),
            ExcludedConnection = row.TextOrNull(11),
            Attributes = ReadAttributes(row, flags),
        };
    }

    public static long AddressIdOf(Statement row) => row.Long(1);

    private static DateTimeOffset TimeOf(long ticks) => new(ticks, TimeSpan.Zero);

    private static MessageAuthor ReadAuthor(Statement row)
    {
        var (admin, apiKey, user) = (row.TextOrNull(8), row.TextOrNull(9), row.TextOrNull(10));
        return admin is null && apiKey is null && user is null ? MessageAuthor.None : new(admin, apiKey, user);
    }

    private static MessageAttributes ReadAttributes(Statement row, long flags)
    {
        var senderMember = row.TextOrNull(12);
        var wireExtras = row.Blob(13);
        if ((flags & (IsText | IsFromClient)) == 0 && senderMember is null && wireExtras.IsEmpty)
        {
            return MessageAttributes.None;
        }

        return new MessageAttributes
        {
            Format = (flags & IsText) == 0 ? PayloadFormat.Json : PayloadFormat.Text,
            FromClient = (flags & IsFromClient) != 0,
            SenderMember = senderMember,
            WireExtras = wireExtras.ToArray(),
        };
    }
}
