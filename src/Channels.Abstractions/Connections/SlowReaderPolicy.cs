namespace Channels;

/// <summary>What happens to a connection that lags more than its options permit; always counted.</summary>
public enum SlowReaderPolicy
{
    /// <summary>It ends, and the client resumes from its cursor.</summary>
    Close,

    /// <summary>It skips the oldest messages until it is within its limits again; a gap delivery says so.</summary>
    DropOldest,

    /// <summary>It skips everything but the newest message; a gap delivery says so.</summary>
    KeepLatest,
}
