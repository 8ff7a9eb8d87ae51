namespace Channels.AspNetCore.Pusher.Api;

/// <summary>An event to publish, valid.</summary>
/// <param name="Channels">Where, each once.</param>
/// <param name="Draft">What.</param>
/// <param name="Info">What to tell about the channels.</param>
internal sealed record PusherEvent(IReadOnlyList<PusherChannel> Channels, MessageDraft Draft, PusherInfo Info);
