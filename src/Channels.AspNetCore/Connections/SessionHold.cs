namespace Channels.AspNetCore.Connections;

/// <summary>Keeps a session from reading its connection, so that a frame of the front end's own gets in front of what an operation makes due. Disposing ends it.</summary>
/// <param name="session">The session.</param>
internal readonly struct SessionHold(Session session) : IDisposable
{
    public void Dispose() => session.EndHold();
}
