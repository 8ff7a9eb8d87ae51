namespace Channels.AspNetCore.Pusher;

/// <summary>One receiver of webhooks.</summary>
public sealed class PusherWebhookOptions
{
    /// <summary>Where to post to; https unless <see cref="PusherWebhookDeliveryOptions.AllowHttp"/>.</summary>
    public string Url { get; set; } = "";

    /// <summary>
    /// Names of the events that are sent: <c>channel_occupied</c>, <c>channel_vacated</c>, <c>member_added</c>, <c>member_removed</c>,
    /// <c>client_event</c>, <c>cache_miss</c>, <c>subscription_count</c>. Default: empty, which stands for all.
    /// </summary>
    public IList<string> Events { get; init; } = [];

    /// <summary>Only channels whose name starts with this; <see langword="null"/> for all.</summary>
    public string? ChannelPrefix { get; set; }

    /// <summary>Whether several events may come in one request. Default: no, one each.</summary>
    public bool Batch { get; set; }
}
