namespace Channels.AspNetCore.Connections;

/// <summary>Writes the answer of a parked request and flushes it.</summary>
/// <param name="signal">Why it answers: never <see cref="SessionSignal.None"/> or <see cref="SessionSignal.ClientLeft"/>.</param>
/// <param name="batch">
/// What to send: frames, if there are any. Its number is 0, even in a session with acknowledgement, when nothing could be taken because
/// another transport has the session or is still writing.
/// </param>
/// <param name="cancellationToken">Cancelled when the session has ended or was taken over and the time to finish is over.</param>
internal delegate ValueTask SessionAnswer(SessionSignal signal, SessionBatch batch, CancellationToken cancellationToken);
