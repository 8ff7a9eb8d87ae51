namespace Channels.AspNetCore.Connections;

/// <summary>How sending a batch ended.</summary>
internal enum SessionSend
{
    /// <summary>It was written.</summary>
    Sent,

    /// <summary>The client was gone when the write had finished; the frames wait for its next transport.</summary>
    ClientLeft,

    /// <summary>A newer transport has the session; nothing was written.</summary>
    Replaced,

    /// <summary>Another one is still writing; nothing was written.</summary>
    Busy,

    /// <summary>Nothing was due, and nothing was written.</summary>
    Nothing,
}
