namespace Channels.AspNetCore.Pusher;

/// <summary>One app: its credentials, the instance it works in, what is switched on, and its limits.</summary>
public sealed class PusherAppOptions
{
    /// <summary>Id, as it stands in the path of API requests: 1–100 characters, no slash.</summary>
    public string Id { get; set; } = "";

    /// <summary>Public key, as it stands in the path of connections: 1–100 letters, digits, <c>-</c> and <c>_</c>.</summary>
    public string Key { get; set; } = "";

    /// <summary>Secret that signs everything, at least 8 characters.</summary>
    public string Secret { get; set; } = "";

    /// <summary>A second secret that is accepted too, so that the first can be exchanged while clients are signed with either; at least 8 characters.</summary>
    public string? NextSecret { get; set; }

    /// <summary>Instance whose channels the app uses; apps of one instance share them. Default: the default instance.</summary>
    public string Instance { get; set; } = ChannelAddress.DefaultInstance;

    /// <summary>Whether the app is switched off: clients are closed with 4003, requests answered with 403. Default: no.</summary>
    public bool Disabled { get; set; }

    /// <summary>Whether clients must connect with TLS; others are closed with 4000. Default: no.</summary>
    public bool TlsOnly { get; set; }

    /// <summary>Whether clients may send events to private and presence channels. Default: no, as the hosted service.</summary>
    public bool ClientEvents { get; set; }

    /// <summary>Whether subscribers are told how many they are. Default: no.</summary>
    public bool SubscriptionCounting { get; set; }

    /// <summary>Whether signed-in users are told when the users of their watchlist come and go. Default: no.</summary>
    public bool Watchlist { get; set; }

    /// <summary>Whether clients must sign in or subscribe to a channel that needs authorization within <see cref="AuthorizationTimeout"/>. Default: no.</summary>
    public bool RequiresAuthorization { get; set; }

    /// <summary>How long a client may take to authorize where that is required. Default 30 seconds; 1 second to 1 hour.</summary>
    public TimeSpan AuthorizationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Clients of the app that may be connected; further ones are closed with 4004. <see langword="null"/> for no limit of its own; at least 1.</summary>
    public int? MaxConnections { get; set; }

    /// <summary>Limits of names and sizes.</summary>
    public PusherAppLimits Limits { get; init; } = new();

    /// <summary>Who is told what happens. Default: nobody.</summary>
    public IList<PusherWebhookOptions> Webhooks { get; init; } = [];
}
