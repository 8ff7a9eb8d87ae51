namespace Channels.AspNetCore.Connections;

/// <summary>Why a transport's wait for its session is over.</summary>
internal enum SessionSignal
{
    /// <summary>It is not over.</summary>
    None,

    /// <summary>There are frames to send.</summary>
    Frames,

    /// <summary>The time to wait has passed.</summary>
    WindowClosed,

    /// <summary>The front end ends this transport, so that the client goes on by another one.</summary>
    Released,

    /// <summary>A newer transport took the session over; everything that waits is for that one.</summary>
    Replaced,

    /// <summary>The session ended; what was queued may still be sent.</summary>
    Ended,

    /// <summary>The client of this transport is gone.</summary>
    ClientLeft,
}
