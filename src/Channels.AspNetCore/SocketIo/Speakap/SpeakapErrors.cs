using System.Diagnostics;

namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>Every refusal of a command in the words of this layer. Source: docs/protocols/socketio.md#answers</summary>
internal static class SpeakapErrors
{
    public static (string Code, string Message) Describe(SpeakapError error) => error switch
    {
        SpeakapError.BadRequest => ("bad_request", "The command or the channel ID is malformed."),
        SpeakapError.MissingToken => ("missing_token", "The access token is missing."),
        SpeakapError.InvalidToken => ("invalid_token", "The access token is not valid."),
        SpeakapError.Forbidden => ("forbidden", "You do not have permission to receive this channel."),
        SpeakapError.UnknownChannel => ("unknown_channel", "There is no such channel."),
        SpeakapError.TooManyChannels => ("too_many_channels", "This connection has too many channels."),
        SpeakapError.TooManyRequests => ("too_many_requests", "You did too much lately, try again later."),
        SpeakapError.Unavailable => ("unavailable", "The server cannot do this now, try again later."),
        _ => throw new UnreachableException(),
    };

    /// <summary>Why an address may not be received.</summary>
    public static SpeakapError? From(AccessStatus status) => status switch
    {
        AccessStatus.Allowed => null,
        AccessStatus.InstanceNotFound or AccessStatus.NotFound or AccessStatus.RoomRequired => SpeakapError.UnknownChannel,
        AccessStatus.Forbidden => SpeakapError.Forbidden,
        AccessStatus.InvalidAddress => SpeakapError.BadRequest,
        AccessStatus.LimitReached => SpeakapError.TooManyChannels,
        AccessStatus.Throttled => SpeakapError.TooManyRequests,
        AccessStatus.Draining => SpeakapError.Unavailable,
        _ => throw new UnreachableException(),
    };

    /// <summary>Why a token was not accepted.</summary>
    public static SpeakapError? From(AuthenticationStatus status) => status switch
    {
        AuthenticationStatus.Accepted => null,
        AuthenticationStatus.NoCredentials => SpeakapError.MissingToken,
        AuthenticationStatus.Rejected or AuthenticationStatus.InstanceNotFound => SpeakapError.InvalidToken,
        _ => throw new UnreachableException(),
    };
}
