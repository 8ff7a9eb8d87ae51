namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>Why a command did nothing for a channel.</summary>
internal enum SpeakapError
{
    /// <summary>The argument or the channel's name is malformed.</summary>
    BadRequest,

    /// <summary>No access token.</summary>
    MissingToken,

    /// <summary>The access token is not valid.</summary>
    InvalidToken,

    /// <summary>The caller may not receive the channel.</summary>
    Forbidden,

    /// <summary>There is no such channel.</summary>
    UnknownChannel,

    /// <summary>The connection has as many channels as permitted.</summary>
    TooManyChannels,

    /// <summary>The client did too much lately.</summary>
    TooManyRequests,

    /// <summary>The server cannot do it now.</summary>
    Unavailable,
}
