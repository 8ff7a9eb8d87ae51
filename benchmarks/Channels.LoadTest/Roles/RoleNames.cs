namespace Channels.LoadTest.Roles;

/// <summary>The servers that this program can be.</summary>
internal static class RoleNames
{
    public const string Channels = "channels";
    public const string Direct = "channels-direct";
    public const string SignalR = "signalr";
    public const string Bare = "bare";
}
