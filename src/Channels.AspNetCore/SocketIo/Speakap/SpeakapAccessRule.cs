namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>Decides who may receive the channels of a family.</summary>
/// <param name="request">Who asks for what.</param>
/// <param name="cancellationToken">Abandons the decision.</param>
/// <returns>Whether it is allowed. An exception denies.</returns>
public delegate ValueTask<bool> SpeakapAccessRule(SpeakapAccessRequest request, CancellationToken cancellationToken);
