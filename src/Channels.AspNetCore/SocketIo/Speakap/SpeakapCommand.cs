namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>The argument of <c>subscribe</c> or <c>unsubscribe</c>.</summary>
/// <param name="Channels">The channel IDs, each once, in their order.</param>
/// <param name="AccessToken">The token, if there is one.</param>
internal sealed record SpeakapCommand(IReadOnlyList<string> Channels, string? AccessToken);
