namespace Channels.AspNetCore.SocketIo.EngineIo;

/// <summary>Why a request was refused; the first six have the protocol's own numbers.</summary>
internal enum EngineIoError
{
    /// <summary>The transport is missing or not known.</summary>
    UnknownTransport,

    /// <summary>The session is not known, or no more.</summary>
    UnknownSession,

    /// <summary>A session is opened by GET only.</summary>
    BadHandshakeMethod,

    /// <summary>The request does not fit its session, or is malformed.</summary>
    BadRequest,

    /// <summary>The host does not let this client in.</summary>
    Forbidden,

    /// <summary>The revision of the protocol is missing or not known.</summary>
    UnsupportedRevision,

    /// <summary>No more sessions can be served now.</summary>
    Unavailable,

    /// <summary>A second request came while the first one was served; the session is over.</summary>
    Overlapping,

    /// <summary>The session does not take this method.</summary>
    BadMethod,

    /// <summary>The body exceeds the limit.</summary>
    TooLarge,

    /// <summary>Something unexpected, which was logged.</summary>
    Broken,
}
