namespace Channels.AspNetCore.Connections;

/// <summary>How opening a session ended.</summary>
internal enum SessionOpening
{
    /// <summary>It is open.</summary>
    Opened,

    /// <summary>There are as many sessions as permitted.</summary>
    Full,

    /// <summary>The id that the client chose belongs to another session.</summary>
    Taken,

    /// <summary>The host is shutting down.</summary>
    Draining,
}
