using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Channels.AspNetCore.SocketIo.Speakap;

namespace Channels;

/// <summary>Publishes the notifications of each family of channels that Speakap clients know. EIDs are opaque texts of 0-9, A-Z, a-z, _ and -.</summary>
public static class SpeakapChannelsExtensions
{
    /// <summary>Asks all clients to pause whatever costs the servers much.</summary>
    /// <param name="channels">The channels, acting as the application.</param>
    /// <param name="cancellationToken">Abandons the wait; the notification may still be published.</param>
    /// <exception cref="ChannelPublishException">It was not published, or whether it was is unknown.</exception>
    public static ValueTask<ChannelMessage> PublishServersBusyAsync(
        this IChannels channels, CancellationToken cancellationToken = default) =>
        PublishAsync(channels, SpeakapFamilies.NameOf(SpeakapFamily.Config), new("servers_busy"), SpeakapJsonContext.Default.ConfigNotification, cancellationToken);

    /// <summary>Tells all clients that the load is normal again.</summary>
    /// <param name="channels">The channels, acting as the application.</param>
    /// <param name="cancellationToken">Abandons the wait; the notification may still be published.</param>
    /// <exception cref="ChannelPublishException">It was not published, or whether it was is unknown.</exception>
    public static ValueTask<ChannelMessage> PublishServersNormalAsync(
        this IChannels channels, CancellationToken cancellationToken = default) =>
        PublishAsync(channels, SpeakapFamilies.NameOf(SpeakapFamily.Config), new("servers_normal"), SpeakapJsonContext.Default.ConfigNotification, cancellationToken);

    /// <summary>Tells a change of a network's timeline.</summary>
    /// <param name="channels">The channels, acting as the application.</param>
    /// <param name="network">EID of the network.</param>
    /// <param name="notification">What happened.</param>
    /// <param name="cancellationToken">Abandons the wait; the notification may still be published.</param>
    /// <exception cref="ArgumentException">An EID is malformed, or the family has no such event.</exception>
    /// <exception cref="ChannelPublishException">It was not published, or whether it was is unknown.</exception>
    public static ValueTask<ChannelMessage> PublishNetworkTimelineAsync(
        this IChannels channels, string network, TimelineNotification notification, CancellationToken cancellationToken = default) =>
        PublishAsync(channels, SpeakapFamilies.NameOf(SpeakapFamily.NetworkTimeline, network), notification, SpeakapJsonContext.Default.TimelineNotification, cancellationToken);

    /// <summary>Tells a change of a user's timeline. Likes are told on the network's timeline only.</summary>
    /// <param name="channels">The channels, acting as the application.</param>
    /// <param name="user">EID of the user.</param>
    /// <param name="network">EID of the network.</param>
    /// <param name="notification">What happened.</param>
    /// <param name="cancellationToken">Abandons the wait; the notification may still be published.</param>
    /// <exception cref="ArgumentException">An EID is malformed, or the family has no such event.</exception>
    /// <exception cref="ChannelPublishException">It was not published, or whether it was is unknown.</exception>
    public static ValueTask<ChannelMessage> PublishUserTimelineAsync(
        this IChannels channels, string user, string network, TimelineNotification notification, CancellationToken cancellationToken = default) =>
        PublishWithoutLikesAsync(channels, SpeakapFamilies.NameOf(SpeakapFamily.UserTimeline, user, network), notification, cancellationToken);

    /// <summary>Tells a change of a group's timeline. Likes are told on the network's timeline only.</summary>
    /// <param name="channels">The channels, acting as the application.</param>
    /// <param name="group">EID of the group.</param>
    /// <param name="network">EID of the network.</param>
    /// <param name="notification">What happened.</param>
    /// <param name="cancellationToken">Abandons the wait; the notification may still be published.</param>
    /// <exception cref="ArgumentException">An EID is malformed, or the family has no such event.</exception>
    /// <exception cref="ChannelPublishException">It was not published, or whether it was is unknown.</exception>
    public static ValueTask<ChannelMessage> PublishGroupTimelineAsync(
        this IChannels channels, string group, string network, TimelineNotification notification, CancellationToken cancellationToken = default) =>
        PublishWithoutLikesAsync(channels, SpeakapFamilies.NameOf(SpeakapFamily.GroupTimeline, group, network), notification, cancellationToken);

    /// <summary>Tells a change of a message or one of its comments. Likes are told on the network's timeline only.</summary>
    /// <param name="channels">The channels, acting as the application.</param>
    /// <param name="message">EID of the message.</param>
    /// <param name="network">EID of the network.</param>
    /// <param name="notification">What happened.</param>
    /// <param name="cancellationToken">Abandons the wait; the notification may still be published.</param>
    /// <exception cref="ArgumentException">An EID is malformed, or the family has no such event.</exception>
    /// <exception cref="ChannelPublishException">It was not published, or whether it was is unknown.</exception>
    public static ValueTask<ChannelMessage> PublishMessageChangeAsync(
        this IChannels channels, string message, string network, TimelineNotification notification, CancellationToken cancellationToken = default) =>
        PublishWithoutLikesAsync(channels, SpeakapFamilies.NameOf(SpeakapFamily.Message, message, network), notification, cancellationToken);

    /// <summary>Tells that somebody read a news item.</summary>
    /// <param name="channels">The channels, acting as the application.</param>
    /// <param name="message">EID of the message.</param>
    /// <param name="network">EID of the network.</param>
    /// <param name="reader">EID of the user who read it.</param>
    /// <param name="cancellationToken">Abandons the wait; the notification may still be published.</param>
    /// <exception cref="ArgumentException">An EID is malformed, or the family has no such event.</exception>
    /// <exception cref="ChannelPublishException">It was not published, or whether it was is unknown.</exception>
    public static ValueTask<ChannelMessage> PublishMessageReadAsync(
        this IChannels channels, string message, string network, string reader, CancellationToken cancellationToken = default) =>
        PublishAsync(channels, SpeakapFamilies.NameOf(SpeakapFamily.MessageReaders, message, network), new("read", message, reader), SpeakapJsonContext.Default.ReadersNotification, cancellationToken);

    /// <summary>Tells a user a change of the user's own memberships.</summary>
    /// <param name="channels">The channels, acting as the application.</param>
    /// <param name="user">EID of the user.</param>
    /// <param name="network">EID of the network.</param>
    /// <param name="notification">What happened.</param>
    /// <param name="cancellationToken">Abandons the wait; the notification may still be published.</param>
    /// <exception cref="ArgumentException">An EID is malformed, or the family has no such event.</exception>
    /// <exception cref="ChannelPublishException">It was not published, or whether it was is unknown.</exception>
    public static ValueTask<ChannelMessage> PublishMyMembershipAsync(
        this IChannels channels, string user, string network, MembershipNotification notification, CancellationToken cancellationToken = default) =>
        PublishAsync(channels, SpeakapFamilies.NameOf(SpeakapFamily.MyMemberships, user, network), notification, SpeakapJsonContext.Default.MembershipNotification, cancellationToken);

    /// <summary>Tells a change of a group's memberships.</summary>
    /// <param name="channels">The channels, acting as the application.</param>
    /// <param name="user">EID of the user.</param>
    /// <param name="network">EID of the network.</param>
    /// <param name="notification">What happened.</param>
    /// <param name="cancellationToken">Abandons the wait; the notification may still be published.</param>
    /// <exception cref="ArgumentException">An EID is malformed, or the membership is not that of a group.</exception>
    /// <exception cref="ChannelPublishException">It was not published, or whether it was is unknown.</exception>
    public static ValueTask<ChannelMessage> PublishGroupMembershipAsync(
        this IChannels channels, string user, string network, MembershipNotification notification, CancellationToken cancellationToken = default) =>
        PublishOfGroupAsync(channels, SpeakapFamilies.NameOf(SpeakapFamily.GroupMemberships, user, network), notification, cancellationToken);

    /// <summary>Tells administrators a change of a group's memberships, invitations and requests included.</summary>
    /// <param name="channels">The channels, acting as the application.</param>
    /// <param name="user">EID of the user.</param>
    /// <param name="network">EID of the network.</param>
    /// <param name="notification">What happened.</param>
    /// <param name="cancellationToken">Abandons the wait; the notification may still be published.</param>
    /// <exception cref="ArgumentException">An EID is malformed, or the membership is not that of a group.</exception>
    /// <exception cref="ChannelPublishException">It was not published, or whether it was is unknown.</exception>
    public static ValueTask<ChannelMessage> PublishGroupAdminMembershipAsync(
        this IChannels channels, string user, string network, MembershipNotification notification, CancellationToken cancellationToken = default) =>
        PublishOfGroupAsync(channels, SpeakapFamilies.NameOf(SpeakapFamily.GroupAdminMemberships, user, network), notification, cancellationToken);

    /// <summary>Tells a change of a user's alerts.</summary>
    /// <param name="channels">The channels, acting as the application.</param>
    /// <param name="globalUser">Global EID of the user.</param>
    /// <param name="notification">What happened.</param>
    /// <param name="cancellationToken">Abandons the wait; the notification may still be published.</param>
    /// <exception cref="ArgumentException">An EID is malformed, or the family has no such event.</exception>
    /// <exception cref="ChannelPublishException">It was not published, or whether it was is unknown.</exception>
    public static ValueTask<ChannelMessage> PublishAlertAsync(
        this IChannels channels, string globalUser, AlertNotification notification, CancellationToken cancellationToken = default) =>
        PublishAsync(channels, SpeakapFamilies.NameOf(SpeakapFamily.Alerts, globalUser), notification, SpeakapJsonContext.Default.AlertNotification, cancellationToken);

    /// <summary>Tells a change of a user's private messages.</summary>
    /// <param name="channels">The channels, acting as the application.</param>
    /// <param name="globalUser">Global EID of the user.</param>
    /// <param name="notification">What happened.</param>
    /// <param name="cancellationToken">Abandons the wait; the notification may still be published.</param>
    /// <exception cref="ArgumentException">An EID is malformed, or the family has no such event.</exception>
    /// <exception cref="ChannelPublishException">It was not published, or whether it was is unknown.</exception>
    public static ValueTask<ChannelMessage> PublishPrivateMessageAsync(
        this IChannels channels, string globalUser, PrivateMessageNotification notification, CancellationToken cancellationToken = default) =>
        PublishAsync(channels, SpeakapFamilies.NameOf(SpeakapFamily.Messages, globalUser), notification, SpeakapJsonContext.Default.PrivateMessageNotification, cancellationToken);

    /// <summary>Tells a change of a user's news.</summary>
    /// <param name="channels">The channels, acting as the application.</param>
    /// <param name="globalUser">Global EID of the user.</param>
    /// <param name="notification">What happened.</param>
    /// <param name="cancellationToken">Abandons the wait; the notification may still be published.</param>
    /// <exception cref="ArgumentException">An EID is malformed, or the family has no such event.</exception>
    /// <exception cref="ChannelPublishException">It was not published, or whether it was is unknown.</exception>
    public static ValueTask<ChannelMessage> PublishNewsAsync(
        this IChannels channels, string globalUser, NewsNotification notification, CancellationToken cancellationToken = default) =>
        PublishAsync(channels, SpeakapFamilies.NameOf(SpeakapFamily.News, globalUser), notification, SpeakapJsonContext.Default.NewsNotification, cancellationToken);

    private static ValueTask<ChannelMessage> PublishWithoutLikesAsync(
        IChannels channels, string channel, TimelineNotification notification, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notification);
        return notification.Event is TimelineEvent.Like or TimelineEvent.Unlike
            ? throw new ArgumentException("Likes are told on the network's timeline only.", nameof(notification))
            : PublishAsync(channels, channel, notification, SpeakapJsonContext.Default.TimelineNotification, cancellationToken);
    }

    private static ValueTask<ChannelMessage> PublishOfGroupAsync(
        IChannels channels, string channel, MembershipNotification notification, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notification);
        return notification.Rev == MembershipKind.Group
            ? PublishAsync(channels, channel, notification, SpeakapJsonContext.Default.MembershipNotification, cancellationToken)
            : throw new ArgumentException("The channels of groups tell of memberships of groups only.", nameof(notification));
    }

    private static ValueTask<ChannelMessage> PublishAsync<T>(
        IChannels channels, string channel, T notification, JsonTypeInfo<T> typeInfo, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentNullException.ThrowIfNull(notification);
        return channels.PublishAsync(channel, new MessageDraft(JsonSerializer.SerializeToUtf8Bytes(notification, typeInfo).AsMemory()), cancellationToken);
    }
}
