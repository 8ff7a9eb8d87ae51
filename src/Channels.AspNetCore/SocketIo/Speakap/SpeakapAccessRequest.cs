namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>Somebody wants to receive a channel of a family.</summary>
/// <param name="Caller">Who asks, by the access token.</param>
/// <param name="Family">The family.</param>
/// <param name="Ids">The EIDs of the channel's name in their order; empty for <see cref="SpeakapFamily.Config"/>.</param>
/// <param name="Services">Services of a scope of this decision's own.</param>
public sealed record SpeakapAccessRequest(ChannelCaller Caller, SpeakapFamily Family, IReadOnlyList<string> Ids, IServiceProvider Services);
