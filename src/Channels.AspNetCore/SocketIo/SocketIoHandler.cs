using System.Text.Json.Nodes;

namespace Channels.AspNetCore.SocketIo;

/// <summary>Handles an event of a client. Those of one socket are handled one at a time, in the order they came.</summary>
/// <param name="received">The event.</param>
/// <param name="cancellationToken">Cancelled when the client is gone or has left the namespace.</param>
/// <returns>The answer, if the client asked for one; an exception answers <c>{"error":"internal_error"}</c> and is logged.</returns>
public delegate ValueTask<JsonNode?> SocketIoHandler(SocketIoEvent received, CancellationToken cancellationToken);
