namespace Channels.AspNetCore.PushStream;

/// <summary>Settings of <c>MapPushStreamEndpoints</c>. Defaults are those of the Dashly Realtime Services API, where that says something.</summary>
public sealed class PushStreamOptions
{
    /// <summary>Instance whose channels are served. Default <c>default</c>; 1 to 64 characters.</summary>
    public string Instance { get; set; } = ChannelAddress.DefaultInstance;

    /// <summary>First segment of WebSocket addresses. Default <c>websocket</c>; empty to serve none.</summary>
    public string WebSocketPath { get; set; } = "websocket";

    /// <summary>First segment of long poll addresses. Default <c>longpoll</c>; empty to serve none.</summary>
    public string LongPollPath { get; set; } = "longpoll";

    /// <summary>First segment of short poll addresses. Default <c>shortpoll</c>; empty to serve none.</summary>
    public string ShortPollPath { get; set; } = "shortpoll";

    /// <summary>First segment of event stream addresses. Default <c>eventsource</c>; empty to serve none.</summary>
    public string EventSourcePath { get; set; } = "eventsource";

    /// <summary>Most channels of one request. Default 50; 1 to 1,000.</summary>
    public int MaxChannels { get; set; } = 50;

    /// <summary>Longest channel name, in bytes of UTF-8. Default 200; 1 to 1,020.</summary>
    public int MaxNameBytes { get; set; } = 200;

    /// <summary>Most messages that a backtrack suffix gives. Default 1,000; 1 to 1,000.</summary>
    public int MaxBacktrack { get; set; } = HistoryQuery.MaxLimit;

    /// <summary>How long a long poll waits. Default 25 seconds; 1 second to 1 hour.</summary>
    public TimeSpan PollWindow { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>Most messages of one answer to a poll. Default 1,000; 1 to 100,000.</summary>
    public int MaxAnswerMessages { get; set; } = 1000;

    /// <summary>Most payload bytes of one answer to a poll; one message is always whole. Default 1 MiB; 1 byte to 1 GiB.</summary>
    public long MaxAnswerBytes { get; set; } = 1024 * 1024;

    /// <summary>Whether <c>auth_token</c> in the query counts, which ends up in the logs of proxies. Default: yes, as browsers cannot send headers with WebSockets.</summary>
    public bool AcceptTokenInQuery { get; set; } = true;

    /// <summary>Whether a client without a token may read what every user may read. Default: no.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>Whether polls answer as a script when <c>callback</c> names a function. Default: no.</summary>
    public bool AllowJsonp { get; set; }

    /// <summary>Origins, such as <c>https://app.example</c>, whose pages may read the answers. Default: none listed, and every page may.</summary>
    public IList<string> AllowedOrigins { get; init; } = [];

    /// <summary>How often an idle WebSocket is pinged and an idle event stream gets a comment. Default 10 seconds; 1 second to 5 minutes.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a WebSocket client may take to answer a ping. Default 30 seconds; 1 second to 1 hour.</summary>
    public TimeSpan PingTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>When a WebSocket or event stream is closed, whatever happens. Default: never; 1 second to 30 days.</summary>
    public TimeSpan? MaxConnectionDuration { get; set; }

    /// <summary>How long a last write and the closing handshake may take. Default 5 seconds; 100 milliseconds to 1 minute.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Largest message that a client may send over a WebSocket; its content is ignored. Default 65,536 bytes; 125 to 16,777,216.</summary>
    public int MaxClientMessageBytes { get; set; } = 64 * 1024;

    /// <summary>How many messages a client may lag in a channel before it is closed and resumes. Default 10,000; 1 to 10,000,000.</summary>
    public int MaxLagMessages { get; set; } = 10_000;

    /// <summary>How many payload bytes a client may lag in a channel before it is closed and resumes. Default 16 MiB; 1 byte to 16 GiB.</summary>
    public long MaxLagBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>When event stream clients are told to reconnect after the stream ended. Default 3 seconds; 1 millisecond to 5 minutes.</summary>
    public TimeSpan ReconnectDelay { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>What <c>Retry-After</c> says when the server cannot serve now. Default 20 seconds; whole seconds from 1 to 3,600.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Largest body that the publisher takes. Default 65,536 bytes; 1 to 16,777,216.</summary>
    public int MaxPublishBytes { get; set; } = 64 * 1024;

    /// <summary>Uses the paths that <c>pushstream.js</c> has by default: <c>/ws</c>, <c>/lp</c> and <c>/ev</c>.</summary>
    /// <returns>The same settings.</returns>
    public PushStreamOptions UsePushStreamPaths()
    {
        (WebSocketPath, LongPollPath, EventSourcePath) = ("ws", "lp", "ev");
        return this;
    }
}
