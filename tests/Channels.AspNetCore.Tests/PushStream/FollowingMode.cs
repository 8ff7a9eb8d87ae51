namespace Channels.AspNetCore.Tests.PushStream;

/// <summary>How a <see cref="FollowingClient"/> follows.</summary>
internal enum FollowingMode
{
    /// <summary>Long polls, the cursor in headers.</summary>
    Headers,

    /// <summary>Long polls, the cursor in the query.</summary>
    Arguments,

    /// <summary>A WebSocket, the cursor in the query.</summary>
    Socket,
}
