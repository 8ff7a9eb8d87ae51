namespace Channels.AspNetCore.Pusher;

/// <summary>Why a subscription was refused, as clients are told.</summary>
/// <param name="Type">Kind of refusal: <c>AuthError</c>, <c>LimitReached</c> or <c>InvalidChannel</c>.</param>
/// <param name="Error">Text for people.</param>
/// <param name="Status">Code, like that of an HTTP answer or of a close.</param>
internal sealed record PusherRefusal(string Type, string Error, int Status);
