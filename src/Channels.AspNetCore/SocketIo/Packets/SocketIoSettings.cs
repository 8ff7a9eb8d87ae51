namespace Channels.AspNetCore.SocketIo.Packets;

/// <summary>Limits of packets.</summary>
internal sealed record SocketIoSettings
{
    /// <summary>How long a client of protocol 5 may take to join its first namespace.</summary>
    public required TimeSpan ConnectTimeout { get; init; }

    /// <summary>Most binary values of a packet.</summary>
    public required int MaxAttachments { get; init; }

    /// <summary>Most bytes of the binary values of a packet, together.</summary>
    public required int MaxAttachmentBytes { get; init; }

    /// <summary>Deepest nesting of a packet's JSON.</summary>
    public required int MaxDepth { get; init; }

    /// <summary>How many events of a socket may wait for the one that is being handled; receiving waits then.</summary>
    public required int MaxPendingEvents { get; init; }

    /// <summary>How many bytes these events may have together; receiving waits when there are more.</summary>
    public required int MaxPendingBytes { get; init; }
}
