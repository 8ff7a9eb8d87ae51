namespace Channels.AspNetCore.Pusher;

/// <summary>What the prefix of a channel's name makes it.</summary>
internal enum PusherChannelKind
{
    /// <summary>Everybody may subscribe.</summary>
    Public,

    /// <summary>Subscribing needs a signature.</summary>
    Private,

    /// <summary>Private, and its data is for those only who have its key.</summary>
    Encrypted,

    /// <summary>Private, and its subscribers see each other.</summary>
    Presence,

    /// <summary>For the connections that are signed in as one user.</summary>
    User,
}
