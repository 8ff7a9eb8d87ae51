namespace Channels.AspNetCore.Connections;

/// <summary>A delivery as it goes to clients, shared by all connections of a wire form; immutable.</summary>
/// <param name="Bytes">The whole frame.</param>
/// <param name="HeaderBytes">How many of them are framing of the transport.</param>
internal readonly record struct Frame(ReadOnlyMemory<byte> Bytes, int HeaderBytes)
{
    /// <summary>Whether the wire says nothing.</summary>
    public bool IsEmpty => Bytes.IsEmpty;

    /// <summary>The frame without the framing.</summary>
    public ReadOnlyMemory<byte> Content => Bytes[HeaderBytes..];
}
