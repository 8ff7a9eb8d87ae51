using System.Net.WebSockets;

namespace Channels.AspNetCore.Connections;

/// <summary>What a client may send over a WebSocket, and how long it may be silent.</summary>
internal sealed record WebSocketLimits
{
    /// <summary>Largest message, in bytes.</summary>
    public required int MaxMessageBytes { get; init; }

    /// <summary>
    /// How many parts of fewer than <see cref="WebSocketReceiver.SmallPartBytes"/> bytes a message may be made of, at least 1; default 256.
    /// Larger parts are bounded by the size of the message.
    /// </summary>
    public int MaxSmallParts { get; init; } = 256;

    public bool AcceptsText { get; init; } = true;

    public bool AcceptsBinary { get; init; } = true;

    /// <summary>Whether messages are only counted and thrown away.</summary>
    public bool Discards { get; init; }

    /// <summary>How long a client may send no message at all; <see langword="null"/> for as long as it likes. Needs a <see cref="Sweep"/>.</summary>
    public TimeSpan? MaxSilence { get; init; }

    /// <summary>How a silent client is closed.</summary>
    public WebSocketClosure Silent { get; init; } = new(WebSocketCloseStatus.EndpointUnavailable, "nothing received for too long");

    /// <summary>Looks for silent clients, all on one timer; its interval is how late they may be found.</summary>
    public Heartbeat? Sweep { get; init; }
}
