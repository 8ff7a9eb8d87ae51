using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Bayeux;

/// <summary>What carries messages of a client.</summary>
/// <param name="Http">The request, or the upgrade of a socket.</param>
/// <param name="AllowsAmbientIdentity">Whether an identity that a browser sends by itself may count.</param>
/// <param name="Socket">The socket, if it is one.</param>
internal sealed record BayeuxTransport(HttpContext Http, bool AllowsAmbientIdentity, BayeuxSocket? Socket = null);
