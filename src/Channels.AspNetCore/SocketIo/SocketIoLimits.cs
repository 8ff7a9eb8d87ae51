namespace Channels;

/// <summary>Names of the limits that the Socket.IO front end asks for, to be configured in <see cref="ChannelsOptions.Limits"/>.</summary>
/// <remarks>Source: docs/protocols/socketio.md#limits</remarks>
public static class SocketIoLimits
{
    /// <summary>Opening a session.</summary>
    public const string Sessions = "socketio.sessions";

    /// <summary>Events of clients, commands among them.</summary>
    public const string Events = "socketio.events";
}
