namespace Channels;

/// <summary>Why a connection ended.</summary>
public enum ConnectionEnd
{
    /// <summary>It is open.</summary>
    None,

    /// <summary>The client or its front end closed it.</summary>
    Closed,

    /// <summary>The client lagged more than permitted.</summary>
    TooSlow,

    /// <summary>The caller's leave expired.</summary>
    CallerExpired,

    /// <summary>The caller was revoked or the connection was disconnected on purpose.</summary>
    Revoked,

    /// <summary>The host is shutting down.</summary>
    Draining,
}
