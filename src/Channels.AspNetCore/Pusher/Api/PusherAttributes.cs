namespace Channels.AspNetCore.Pusher.Api;

/// <summary>What is told about a channel; what was not asked for or does not apply is absent.</summary>
/// <param name="UserCount">Users of a presence channel.</param>
/// <param name="SubscriptionCount">Connections that are subscribed.</param>
internal readonly record struct PusherAttributes(int? UserCount = null, int? SubscriptionCount = null);
