namespace Channels.AspNetCore.Pusher;

/// <summary>Names of events that mean something to the protocol.</summary>
internal static class PusherEventNames
{
    public const string ClientPrefix = "client-";

    public const string Ping = "pusher:ping";
    public const string Pong = "pusher:pong";
    public const string Subscribe = "pusher:subscribe";
    public const string Unsubscribe = "pusher:unsubscribe";
    public const string SignIn = "pusher:signin";

    /// <summary>Whether only the service itself may send it.</summary>
    public static bool IsReserved(string name) =>
        name.StartsWith("pusher:", StringComparison.Ordinal) || name.StartsWith("pusher_internal:", StringComparison.Ordinal);

    public static bool IsClientEvent(string name) => name.StartsWith(ClientPrefix, StringComparison.Ordinal);
}
