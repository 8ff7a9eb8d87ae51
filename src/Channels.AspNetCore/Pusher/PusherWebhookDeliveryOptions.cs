namespace Channels.AspNetCore.Pusher;

/// <summary>How webhooks are delivered.</summary>
public sealed class PusherWebhookDeliveryOptions
{
    /// <summary>Name of the <see cref="HttpClient"/> that delivers, for hosts that configure it.</summary>
    public const string HttpClientName = "Channels.Pusher.Webhooks";

    /// <summary>Whether receivers without TLS are permitted. Default: no.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>Whether receivers in private networks and on this machine are permitted. Default: no.</summary>
    public bool AllowPrivateNetworks { get; set; }

    /// <summary>How long a receiver may take to answer. Default 10 seconds; 100 milliseconds to 5 minutes.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a failed delivery is tried again. Default 5 minutes, as the original; 0 to 1 hour.</summary>
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long to wait before the first repetition; each further wait is twice as long. Default 1 second; 10 milliseconds to 1 minute.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the vacating of a channel and the leaving of a member wait for a return that cancels them. Default 3 seconds, as the original; 0 to 1 minute.</summary>
    public TimeSpan LeaveDelay { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long events are collected for receivers that take batches. Default 100 milliseconds; 0 to 1 minute.</summary>
    public TimeSpan BatchDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Most events of one batch. Default 100; 1 to 10,000.</summary>
    public int MaxBatchEvents { get; set; } = 100;

    /// <summary>Events that may wait for one receiver; further ones are dropped and counted. Default 10,000; 1 to 1,000,000.</summary>
    public int MaxQueuedEvents { get; set; } = 10_000;
}
