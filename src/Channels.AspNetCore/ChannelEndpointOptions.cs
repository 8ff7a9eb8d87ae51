namespace Channels.AspNetCore;

/// <summary>Settings of <c>MapChannelEndpoints</c>. How long a poll waits is a setting of the engine.</summary>
public sealed class ChannelEndpointOptions
{
    /// <summary>Largest body of a publish, in bytes. Default 65,536, as the original; 1 to 16,777,216.</summary>
    public int MaxPublishBytes { get; set; } = 64 * 1024;

    /// <summary>Largest body of every other request, in bytes. Default 65,536; 1 to 16,777,216.</summary>
    public int MaxBodyBytes { get; set; } = 64 * 1024;

    /// <summary>
    /// Origins, such as <c>https://app.example</c>, whose pages may act with cookies and other identity that a browser sends by itself.
    /// Pages of the server's own origin always may. Default: none.
    /// </summary>
    public IList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Whether pages of every other origin may call too, with keys, tokens or tickets but without ambient identity. Default: yes.</summary>
    public bool AllowAnyOrigin { get; set; } = true;

    /// <summary>How long a browser may remember a preflight. Default 1 day; 0 to 1 day.</summary>
    public TimeSpan PreflightMaxAge { get; set; } = TimeSpan.FromDays(1);

    /// <summary>When a WebSocket opened on a poll address is closed. Default 5 minutes, as the original; 1 second to 1 day.</summary>
    public TimeSpan PollSocketDuration { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often an event stream carries a comment. Default 15 seconds; 1 second to 5 minutes.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>When event stream clients are told to reconnect after the stream ended. Default 3 seconds; 1 millisecond to 5 minutes.</summary>
    public TimeSpan ReconnectDelay { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How often a WebSocket client is pinged. Default 30 seconds; 1 second to 1 hour.</summary>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a WebSocket client may take to answer a ping. Default 30 seconds; 1 second to 1 hour.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a last write and the closing handshake may take. Default 5 seconds; 100 milliseconds to 1 minute.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether WebSockets are written straight to their connections' sockets, past the server's own queues, where that can be done: over HTTP/1.1,
    /// without TLS and connection middleware on this server, to clients that answer pings. The others are served as ever, and counted by
    /// <c>channels.websockets.write_path</c>. Takes load off busy servers behind a proxy; the server's own limits and figures of what it sends no
    /// longer see these bytes. Default: no.
    /// </summary>
    public bool WritesToSockets { get; set; }

    /// <summary>Largest message that a client may send over a WebSocket; its content is ignored. Default 65,536 bytes; 125 to 16,777,216.</summary>
    public int MaxClientMessageBytes { get; set; } = 64 * 1024;

    /// <summary>Most addresses of one stream. Default 100; 1 to 10,000.</summary>
    public int MaxStreamAddresses { get; set; } = 100;

    /// <summary>How many messages a stream's client may lag in an address before the stream ends. Default 10,000; 1 to 10,000,000.</summary>
    public int MaxLagMessages { get; set; } = 10_000;

    /// <summary>How many payload bytes a stream's client may lag in an address before the stream ends. Default 16 MiB; 1 byte to 16 GiB.</summary>
    public long MaxLagBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>How long a connect ticket is valid. Default 30 seconds; 1 second to 1 hour.</summary>
    public TimeSpan TicketLifetime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Most connect tickets that may wait to be used. Default 10,000; 1 to 10,000,000.</summary>
    public int MaxTickets { get; set; } = 10_000;

    /// <summary>What <c>Retry-After</c> says when the server cannot serve now. Default 1 second; whole seconds from 1 to 3,600.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);
}
