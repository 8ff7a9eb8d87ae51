namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>The families of channels that Speakap clients know.</summary>
/// <remarks>Source: docs/protocols/socketio.md#families</remarks>
public enum SpeakapFamily
{
    /// <summary><c>config</c>: the servers' load, for everybody.</summary>
    Config,

    /// <summary><c>network_timeline:{network}</c>, for the members of the network.</summary>
    NetworkTimeline,

    /// <summary><c>user_timeline:{user}:{network}</c>: a user's profile.</summary>
    UserTimeline,

    /// <summary><c>group_timeline:{group}:{network}</c>: a group's profile.</summary>
    GroupTimeline,

    /// <summary><c>message:{message}:{network}</c>: a message and its comments.</summary>
    Message,

    /// <summary><c>message_readers:{message}:{network}</c>: who reads a news item; for those with the permission <c>view_readers</c> on the message.</summary>
    MessageReaders,

    /// <summary><c>my_memberships:{user}:{network}</c>, for that user.</summary>
    MyMemberships,

    /// <summary><c>group_memberships:{user}:{network}</c>: memberships of a group.</summary>
    GroupMemberships,

    /// <summary><c>group_admin_memberships:{user}:{network}</c>: the same and invitations and requests, for administrators of the group.</summary>
    GroupAdminMemberships,

    /// <summary><c>alerts:{globalUser}</c>: alerts of a user in all networks, for that user.</summary>
    Alerts,

    /// <summary><c>messages:{globalUser}</c>: private messages of a user in all networks, for that user.</summary>
    Messages,

    /// <summary><c>news:{globalUser}</c>: news items of a user in all networks, for that user.</summary>
    News,
}
