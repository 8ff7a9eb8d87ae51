namespace Channels.AspNetCore.Pusher.Webhooks;

/// <summary>One event of a webhook.</summary>
/// <param name="Name">One of <see cref="PusherWebhookEvents"/>.</param>
/// <param name="Channel">Channel that it is about.</param>
internal sealed record PusherWebhookEvent(string Name, string Channel)
{
    /// <summary>Member, or who sent a client event on a presence channel.</summary>
    public string? UserId { get; init; }

    /// <summary>The client event.</summary>
    public ChannelMessage? Message { get; init; }

    /// <summary>How many are subscribed.</summary>
    public int? SubscriptionCount { get; init; }
}
