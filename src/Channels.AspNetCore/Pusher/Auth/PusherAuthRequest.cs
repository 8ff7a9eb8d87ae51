using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Pusher;

/// <summary>A client that asks the application for leave.</summary>
/// <param name="Http">The request.</param>
/// <param name="User">
/// Who the host's own authentication says it is; <see langword="null"/> for nobody. An identity that a browser sends along by itself counts only for
/// pages of the same origin and of <see cref="PusherOptions.AllowedOrigins"/>.
/// </param>
/// <param name="SocketId">Id of the connection.</param>
/// <param name="Channel">Channel that it wants to subscribe to; <see langword="null"/> when it wants to sign in.</param>
public sealed record PusherAuthRequest(HttpContext Http, ClaimsPrincipal? User, string SocketId, string? Channel);
