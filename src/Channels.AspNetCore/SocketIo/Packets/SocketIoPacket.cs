namespace Channels.AspNetCore.SocketIo.Packets;

/// <summary>A packet that a client sent, without its binary values.</summary>
internal readonly record struct SocketIoPacket
{
    public required SocketIoPacketType Type { get; init; }

    /// <summary>Namespace, with its slash.</summary>
    public required string Namespace { get; init; }

    /// <summary>Number that the answer has to carry, or that an answer carries, if any.</summary>
    public long? AckId { get; init; }

    /// <summary>How many binary values follow.</summary>
    public int Attachments { get; init; }

    /// <summary>The JSON behind the head, valid; empty for none.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Name of the event; only of events.</summary>
    public string? Event { get; init; }

    /// <summary>The elements behind the name as they were written, commas between them; only of events.</summary>
    public ReadOnlyMemory<byte> Arguments { get; init; }
}
