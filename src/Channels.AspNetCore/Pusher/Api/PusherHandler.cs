using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Pusher.Api;

/// <summary>Answers a signed request.</summary>
/// <param name="call">The request.</param>
internal delegate ValueTask<JsonAnswer> PusherHandler(PusherCall call);
