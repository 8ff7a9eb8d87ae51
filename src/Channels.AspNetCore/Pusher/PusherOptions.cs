namespace Channels.AspNetCore.Pusher;

/// <summary>Settings of the Pusher Channels front end. Apps are followed when the configuration is reloaded; the rest is read at start.</summary>
public sealed class PusherOptions
{
    /// <summary>The apps that are served. Default: none.</summary>
    public IList<PusherAppOptions> Apps { get; init; } = [];

    /// <summary>Path of the HTTP fallbacks, which clients call <c>httpPath</c>. Default <c>/pusher</c>, as theirs; empty or starting with a slash.</summary>
    public string FallbackPath { get; set; } = "/pusher";

    /// <summary>After how long a silence a client, or the server, asks whether the other is still there. Default 120 seconds, as recommended; 1 second to 1 hour, whole seconds.</summary>
    public TimeSpan ActivityTimeout { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>How long a client may take to answer when asked. Default 30 seconds, as documented; 1 second to 1 hour.</summary>
    public TimeSpan PongTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How much older or newer than the server's clock a signed request may be, exclusively. Default 600 seconds, as documented; 1 second to 1 day.</summary>
    public TimeSpan TimestampTolerance { get; set; } = TimeSpan.FromSeconds(600);

    /// <summary>Largest message of a client, in bytes. Default 65,536; 1,024 to 16,777,216.</summary>
    public int MaxClientMessageBytes { get; set; } = 64 * 1024;

    /// <summary>Most messages of one <c>xhr_send</c>. Default 100; 1 to 10,000.</summary>
    public int MaxMessagesPerSend { get; set; } = 100;

    /// <summary>Largest body of an API request, in bytes. Default 1 MiB; 1,024 to 16,777,216.</summary>
    public int MaxRequestBytes { get; set; } = 1024 * 1024;

    /// <summary>Most channels of one list of occupied channels. Default 100,000; 1 to 10,000,000.</summary>
    public int MaxListedChannels { get; set; } = 100_000;

    /// <summary>Clients of all apps together that may be connected, those just leaving included. Default 100,000; at least 1.</summary>
    public int MaxConnections { get; set; } = 100_000;

    /// <summary>How often a waiting receive request of the HTTP fallbacks is sent something. Default 25 seconds, as the protocol's own servers; 1 second to 5 minutes.</summary>
    public TimeSpan FallbackHeartbeat { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How long a client of the HTTP fallbacks stays connected between two receive requests. Default 5 seconds; 1 second to 5 minutes.</summary>
    public TimeSpan FallbackDisconnectDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one streaming response may grow before it ends, in bytes. Clients open another by themselves after 256 KiB. Default 4 MiB; 512 KiB to 1 GiB.</summary>
    public long MaxStreamBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Origins, such as <c>https://app.example</c>, that may use the HTTP fallbacks with credentials. Default: none.</summary>
    public IList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Whether pages of every other origin may use the HTTP fallbacks too. Default: yes, as the original.</summary>
    public bool AllowAnyOrigin { get; set; } = true;

    /// <summary>How long a last write and the closing handshake may take. Default 5 seconds; 100 milliseconds to 1 minute.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many messages a client may lag in a channel before it is closed. Default 10,000; 1 to 10,000,000.</summary>
    public int MaxLagMessages { get; set; } = 10_000;

    /// <summary>How many payload bytes a client may lag in a channel before it is closed. Default 16 MiB; 1 byte to 16 GiB.</summary>
    public long MaxLagBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>How long a user counts as online for watchlists once the last connection is gone. Default 3 seconds; 0 to 5 minutes.</summary>
    public TimeSpan OfflineDelay { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How webhooks of all apps are delivered.</summary>
    public PusherWebhookDeliveryOptions Webhooks { get; init; } = new();
}
