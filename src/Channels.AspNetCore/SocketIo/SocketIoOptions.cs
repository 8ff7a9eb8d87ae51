using Channels.AspNetCore.SocketIo.Packets;
using Channels.AspNetCore.SocketIo.Speakap;

namespace Channels.AspNetCore.SocketIo;

/// <summary>Settings of <c>MapSocketIoEndpoints</c>.</summary>
public sealed class SocketIoOptions
{
    private readonly Dictionary<(string Namespace, string Event), SocketIoHandler> _handlers = [];

    /// <summary>Instance whose channels are served. Default <c>default</c>.</summary>
    public string Instance { get; set; } = ChannelAddress.DefaultInstance;

    /// <summary>Settings of the commands and channels that Speakap clients know.</summary>
    public SpeakapOptions Speakap { get; } = new();

    /// <summary>Pause between two heartbeats. Default 25 seconds, as the original; 10 milliseconds to 1 hour.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How long a heartbeat may take. Default 20 seconds, as version 4 of the original; 10 milliseconds to 1 hour.</summary>
    public TimeSpan PingTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long the change from polling to a WebSocket may take. Default 10 seconds, as the original; 100 milliseconds to 5 minutes.</summary>
    public TimeSpan UpgradeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a polling client that the server closed is kept to be told. Default 30 seconds, as the original; 100 milliseconds to 5 minutes.</summary>
    public TimeSpan PollingCloseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long clients 3.x and 4.x may take to join a namespace. Default 45 seconds, as the original; 100 milliseconds to 1 hour.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>How long a last write and the closing handshake may take. Default 5 seconds; 100 milliseconds to 1 minute.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What <c>Retry-After</c> says when no session can be opened. Default 1 second; whole seconds from 1 to 3,600.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Largest request body, WebSocket message and binary value. Default 1,000,000 bytes, as version 4 of the original; 1,024 to 104,857,600.</summary>
    public int MaxMessageBytes { get; set; } = 1_000_000;

    /// <summary>Most sessions. Default 50,000; 1 to 10,000,000.</summary>
    public int MaxSessions { get; set; } = 50_000;

    /// <summary>Most messages that may wait for a client. Default 10,000; 1 to 10,000,000.</summary>
    public int MaxQueuedMessages { get; set; } = 10_000;

    /// <summary>Most bytes that may wait for a client. Default 8 MiB; 1 byte to 16 GiB.</summary>
    public long MaxQueuedBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>How many messages a client may lag in a channel before its session ends. Default 10,000; 1 to 10,000,000.</summary>
    public int MaxLagMessages { get; set; } = 10_000;

    /// <summary>How many payload bytes a client may lag in a channel before its session ends. Default 16 MiB; 1 byte to 16 GiB.</summary>
    public long MaxLagBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Most binary values of one packet. Default 10, as the original; 0 to 10,000.</summary>
    public int MaxAttachments { get; set; } = 10;

    /// <summary>Most bytes of the binary values of one packet, together. Default 4 MiB; 0 to 1 GiB.</summary>
    public int MaxAttachmentBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Deepest nesting of a packet's JSON. Default 64; 2 to 1,000.</summary>
    public int MaxJsonDepth { get; set; } = 64;

    /// <summary>How many events of a socket may wait while one is handled; its client waits then. Default 100; 1 to 100,000.</summary>
    public int MaxPendingEvents { get; set; } = 100;

    /// <summary>How many bytes the events of a socket may have that wait while one is handled; its client waits then. Default 4 MiB; 0 to 1 GiB.</summary>
    public int MaxPendingBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Whether polling clients may change to a WebSocket. Default: yes.</summary>
    public bool AllowUpgrades { get; set; } = true;

    /// <summary>Whether clients 1.x and 2.x may poll with scripts, which works around the origin rules of browsers. Default: no.</summary>
    public bool AllowJsonp { get; set; }

    /// <summary>
    /// Origins, such as <c>https://app.example</c>, whose pages may act with cookies and other identity that a browser sends by itself.
    /// Pages of the server's own origin always may. Default: none.
    /// </summary>
    public IList<string> AllowedOrigins { get; init; } = [];

    /// <summary>
    /// Whether pages of every other origin may connect too; identity that a browser sends by itself counts for nothing there. Default: yes.
    /// </summary>
    public bool AllowAnyOrigin { get; set; } = true;

    /// <summary>Handles an event of the main namespace. <c>subscribe</c> and <c>unsubscribe</c> are taken.</summary>
    /// <param name="eventName">Name of the event.</param>
    /// <param name="handler">What to do; runs in a scope of its own.</param>
    public SocketIoOptions On(string eventName, SocketIoHandler handler) => On(SocketIoConnection.MainNamespace, eventName, handler);

    /// <summary>Handles an event of a namespace, which exists from then on.</summary>
    /// <param name="namespaceName">Name of the namespace, with its slash, such as <c>/admin</c>.</param>
    /// <param name="eventName">Name of the event.</param>
    /// <param name="handler">What to do; runs in a scope of its own.</param>
    /// <exception cref="ArgumentException">A name is taken, reserved or malformed.</exception>
    public SocketIoOptions On(string namespaceName, string eventName, SocketIoHandler handler)
    {
        ArgumentException.ThrowIfNullOrEmpty(namespaceName);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        ArgumentNullException.ThrowIfNull(handler);
        if (namespaceName[0] != '/' || namespaceName.AsSpan().ContainsAny(',', '?'))
        {
            throw new ArgumentException("A namespace starts with a slash and has neither ',' nor '?'.", nameof(namespaceName));
        }

        var isCommand = namespaceName == SocketIoConnection.MainNamespace && eventName is ("subscribe" or "unsubscribe");
        if (isCommand || SocketIoPacketReader.IsReserved(eventName) || !_handlers.TryAdd((namespaceName, eventName), handler))
        {
            throw new ArgumentException($"The event '{eventName}' is taken or reserved.", nameof(eventName));
        }

        return this;
    }

    internal bool HasNamespace(string name) => name == SocketIoConnection.MainNamespace || _handlers.Keys.Any(key => key.Namespace == name);

    internal SocketIoHandler? FindHandler(string namespaceName, string eventName) => _handlers.GetValueOrDefault((namespaceName, eventName));
}
