namespace Channels;

/// <summary>Names of the limits that the Syncano front end asks for, to be configured in <see cref="ChannelsOptions.Limits"/>.</summary>
/// <remarks>Source: docs/protocols/syncano.md#throttling</remarks>
public static class SyncanoLimits
{
    /// <summary>Requests without any credentials.</summary>
    public const string Anonymous = "syncano.anonymous";

    /// <summary>Ordinary requests with credentials.</summary>
    public const string Requests = "syncano.requests";

    /// <summary>Polls, which do not count as ordinary requests.</summary>
    public const string Polls = "syncano.polls";
}
