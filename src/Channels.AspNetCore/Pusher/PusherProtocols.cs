namespace Channels.AspNetCore.Pusher;

/// <summary>How the transports of this front end are called in metrics and in the registry of connections.</summary>
internal static class PusherProtocols
{
    public const string Socket = "pusher-websocket";
    public const string Http = "pusher-http";

    public static IReadOnlyList<string> All { get; } = [Socket, Http];
}
