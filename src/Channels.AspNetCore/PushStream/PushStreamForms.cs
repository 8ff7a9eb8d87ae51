using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.PushStream;

/// <summary>The wire forms of messages, each encoded once for all clients.</summary>
internal sealed class PushStreamForms
{
    /// <summary>Objects in the bodies of polls.</summary>
    public WireForm Objects { get; } = new(EncodeObject);

    /// <summary>WebSocket messages.</summary>
    public WireForm Frames { get; } = new(EncodeObject, Framing.WebSocketText);

    /// <summary>Blocks of event streams.</summary>
    public WireForm Blocks { get; } = new(EncodeBlock);

    private static ReadOnlyMemory<byte> EncodeObject(in Delivery delivery) => PushStreamWriter.Message(delivery.Message!);

    private static ReadOnlyMemory<byte> EncodeBlock(in Delivery delivery)
    {
        var message = delivery.Message!;
        var id = PushStreamWriter.EventId(PushStreamCursor.Of(new(message.Cursor, message.CreatedAt)));
        return EventStreamFormat.EventWithTextId(id, PushStreamWriter.Message(message));
    }
}
