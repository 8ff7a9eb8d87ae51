namespace Channels.AspNetCore.Pusher.Clients;

/// <summary>One subscription of a client.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Address">What it stands for.</param>
/// <param name="Caller">Who the client is there, with what it was granted.</param>
/// <param name="MemberId">Who it is among the members; only on a presence channel.</param>
internal sealed record PusherSubscription(PusherChannel Channel, ChannelAddress Address, ChannelCaller Caller, string? MemberId = null);
