namespace Channels.AspNetCore.Connections;

/// <summary>Writes a batch to a transport and flushes it.</summary>
/// <param name="batch">What to write; may be empty.</param>
/// <param name="cancellationToken">Cancelled when the session has ended or was taken over and the time to finish is over.</param>
internal delegate ValueTask SessionWriter(SessionBatch batch, CancellationToken cancellationToken);
