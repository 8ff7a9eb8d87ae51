using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Bayeux;

/// <summary>Settings of the Bayeux front end, its Epicenter layer included.</summary>
public sealed class BayeuxOptions
{
    /// <summary>Instance whose channels are served. Default <c>default</c>.</summary>
    public string Instance { get; set; } = ChannelAddress.DefaultInstance;

    /// <summary>How long a connect is held, which clients are told. Default 30 seconds; 5 seconds to 2 minutes, or zero to hold none.</summary>
    /// <remarks>Source: docs/protocols/bayeux.md#advice</remarks>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long clients pause between connects. Default 0, up to 1 minute; at least 100 milliseconds where <see cref="Timeout"/> is zero.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.Zero;

    /// <summary>How long a session lives without a held connect, beyond <see cref="Interval"/>. Default 10 seconds, as CometD; 1 second to 1 hour.</summary>
    public TimeSpan MaxInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Largest request body or WebSocket message, in bytes. Default 1 MiB; 1 KiB to 16 MiB.</summary>
    public int MaxRequestBytes { get; set; } = 1024 * 1024;

    /// <summary>Most messages of one request. Default 1,000; 1 to 100,000.</summary>
    public int MaxBatchMessages { get; set; } = 1000;

    /// <summary>Most sessions. Default 50,000; 1 to 10,000,000.</summary>
    public int MaxSessions { get; set; } = 50_000;

    /// <summary>Most events that may wait for a session before it ends, those included that it has not acknowledged. Default 10,000; 1 to 10,000,000.</summary>
    public int MaxQueuedMessages { get; set; } = 10_000;

    /// <summary>Most bytes of events that may wait for a session before it ends. Default 8 MiB; 1 byte to 16 GiB.</summary>
    public long MaxQueuedBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>How many sessions of one browser may hold a poll over HTTP/1.1 at the same time. Default 1, as CometD; zero or less for any number.</summary>
    public int MaxSessionsPerBrowser { get; set; } = 1;

    /// <summary>How long surplus sessions of a browser pause between polls. Default 2 seconds, as CometD; 100 milliseconds to 1 minute.</summary>
    public TimeSpan MultiSessionInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether a session is known by its id alone. If not, HTTP requests must also carry the browser's cookie. Default: yes.</summary>
    public bool TrustsClientId { get; set; } = true;

    /// <summary>Whether a WebSocket only takes sessions that it opened itself. Default: no.</summary>
    public bool RequireHandshakePerConnection { get; set; }

    /// <summary>
    /// Whether answers to other requests than connects carry waiting events too, as CometD's do in sessions without acknowledgement. Two answers under
    /// way at once may overtake each other, and with them the events. Default: no.
    /// </summary>
    public bool DeliversWithAnyReply { get; set; }

    /// <summary>Whether callback-polling (JSONP) is served, without ambient identity. Default: no.</summary>
    public bool AllowJsonp { get; set; }

    /// <summary>
    /// Broadcast channels and patterns, such as <c>/chat/**</c>, whose messages are not sent back to the session that published them. Default: none.
    /// </summary>
    public IList<string> ChannelsWithoutEcho { get; init; } = [];

    /// <summary>Origins, such as <c>https://app.example</c>, whose pages may act with identity that a browser sends by itself. Default: none but the own.</summary>
    public IList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Whether pages of every other origin may call too, without ambient identity. Default: yes.</summary>
    public bool AllowAnyOrigin { get; set; } = true;

    /// <summary>How long a browser may remember a preflight. Default 1 day; 0 to 1 day.</summary>
    public TimeSpan PreflightMaxAge { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long a WebSocket client may send nothing. Default 5 minutes, as CometD; 10 seconds to 1 day.</summary>
    public TimeSpan SocketIdleTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often a WebSocket client is pinged. Default 30 seconds; 1 second to 1 hour.</summary>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a WebSocket client may take to answer a ping. Default 30 seconds; 1 second to 1 hour.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a last write and the closing handshake may take. Default 5 seconds; 100 milliseconds to 1 minute.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The cookie that tells browsers apart. Default: <c>BAYEUX_BROWSER</c> for the path <c>/</c>, not readable by scripts.</summary>
    public CookieBuilder BrowserCookie { get; } = new() { Name = "BAYEUX_BROWSER", Path = "/", HttpOnly = true, SameSite = SameSiteMode.Unspecified };

    /// <summary>Address under which clients reach this front end, such as <c>https://api.example/realtime</c>. Default: that of the request.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>Whether projects demand an access token unless they say otherwise. Default: yes.</summary>
    public bool AuthorizationRequired { get; set; } = true;

    /// <summary>
    /// How long a user stays present whose session ended without a disconnect. Default 2 minutes, as the original's client documents; 0 to 1 day.
    /// </summary>
    public TimeSpan PresenceGrace { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The projects of the Epicenter layer. Default: none.</summary>
    public IList<BayeuxProjectOptions> Projects { get; init; } = [];
}
