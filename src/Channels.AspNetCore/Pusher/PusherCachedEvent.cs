namespace Channels.AspNetCore.Pusher;

/// <summary>What a cache channel remembers.</summary>
/// <param name="Message">The last event, if there is one.</param>
/// <param name="SecondsLeft">How much longer it is remembered.</param>
internal readonly record struct PusherCachedEvent(ChannelMessage? Message, long SecondsLeft);
