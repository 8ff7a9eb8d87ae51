namespace Channels.AspNetCore.Connections;

/// <summary>Why a session ended.</summary>
internal enum SessionEnd
{
    /// <summary>It lives.</summary>
    None,

    /// <summary>The client or its front end closed it.</summary>
    Closed,

    /// <summary>No transport was attached for too long.</summary>
    Expired,

    /// <summary>More was waiting for the client than permitted.</summary>
    Overflow,

    /// <summary>The caller's leave expired.</summary>
    CallerExpired,

    /// <summary>The caller was revoked or the connection was disconnected on purpose.</summary>
    Revoked,

    /// <summary>The host is shutting down.</summary>
    Draining,

    /// <summary>The store could not be read; the client may come again.</summary>
    StoreFailed,

    /// <summary>Something unexpected, which was logged.</summary>
    Failed,
}
