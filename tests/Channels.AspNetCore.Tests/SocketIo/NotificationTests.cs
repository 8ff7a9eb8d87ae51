using System.Text;
using Channels.AspNetCore.SocketIo.Speakap;

namespace Channels.AspNetCore.Tests.SocketIo;

/// <summary>The typed notifications: where they go and how they are spelled.</summary>
public sealed class NotificationTests(SocketIoServer server) : IClassFixture<SocketIoServer>
{
    public static TheoryData<string, string, Func<IChannels, ValueTask<ChannelMessage>>> Notifications => new()
    {
        { "config", """{"type":"servers_busy"}""", c => c.PublishServersBusyAsync() },
        { "config", """{"type":"servers_normal"}""", c => c.PublishServersNormalAsync() },
        {
            "network_timeline:9", """{"event":"like","message":"m","author":"a","liker":"l"}""",
            c => c.PublishNetworkTimelineAsync("9", new() { Event = TimelineEvent.Like, Message = "m", Author = "a", Liker = "l" })
        },
        {
            "user_timeline:8:9", """{"event":"create","message":"m","author":"a","parent":"p","firstCommentByAuthor":true}""",
            c => c.PublishUserTimelineAsync("8", "9", new() { Event = TimelineEvent.Create, Message = "m", Author = "a", Parent = "p", FirstCommentByAuthor = true })
        },
        {
            "group_timeline:8:9", """{"event":"delete","message":"m","author":"a","deletedBy":"admin"}""",
            c => c.PublishGroupTimelineAsync("8", "9", new() { Event = TimelineEvent.Delete, Message = "m", Author = "a", DeletedBy = DeletedBy.Admin })
        },
        {
            "message:7:9", """{"event":"bubble","message":"m","author":"a"}""",
            c => c.PublishMessageChangeAsync("7", "9", new() { Event = TimelineEvent.Bubble, Message = "m", Author = "a" })
        },
        { "message_readers:7:9", """{"event":"read","message":"7","reader":"r"}""", c => c.PublishMessageReadAsync("7", "9", "r") },
        {
            "my_memberships:8:9", """{"event":"role_change","membership":"m","rev":"network","role":"admin","oldRole":"user"}""",
            c => c.PublishMyMembershipAsync(
                "8", "9", new() { Event = MembershipEvent.RoleChange, Membership = "m", Rev = MembershipKind.Network, Role = "admin", OldRole = "user" })
        },
        {
            "group_memberships:8:9", """{"event":"create","membership":"m","rev":"group","group":"g","role":"user"}""",
            c => c.PublishGroupMembershipAsync("8", "9", new() { Event = MembershipEvent.Create, Membership = "m", Group = "g", Role = "user" })
        },
        {
            "group_admin_memberships:8:9", """{"event":"delete","membership":"m","rev":"group","group":"g","oldRole":"user"}""",
            c => c.PublishGroupAdminMembershipAsync("8", "9", new() { Event = MembershipEvent.Delete, Membership = "m", Group = "g", OldRole = "user" })
        },
        {
            "alerts:1", """{"event":"read","network":"9","category":"user","numUnreadAlerts":0}""",
            c => c.PublishAlertAsync("1", new() { Event = AlertEvent.Read, Network = "9", Category = AlertCategory.User, NumUnreadAlerts = 0 })
        },
        {
            "messages:1", """{"event":"create","message":"m","messageType":"text","conversation":"c","author":"a","network":"9","numUnreadConversations":2}""",
            c => c.PublishPrivateMessageAsync("1", new()
            {
                Event = PrivateMessageEvent.Create, Message = "m", MessageType = "text", Conversation = "c", Author = "a", Network = "9", NumUnreadConversations = 2,
            })
        },
        {
            "news:1", """{"event":"publish","message":"m","author":"a","network":"9","numUnreadNewsItems":3}""",
            c => c.PublishNewsAsync("1", new() { Event = NewsEvent.Publish, Message = "m", Author = "a", Network = "9", NumUnreadNewsItems = 3 })
        },
    };

    [Theory]
    [MemberData(nameof(Notifications), DisableDiscoveryEnumeration = true)]
    public async Task A_notification_goes_to_its_channel_as_clients_read_it(
        string channel, string payload, Func<IChannels, ValueTask<ChannelMessage>> publish)
    {
        var message = await publish(server.Channels).Within();

        Assert.Equal(channel, message.Address.Channel);
        Assert.Equal(payload, Encoding.UTF8.GetString(message.Payload.Span));
    }

    [Fact]
    public async Task What_no_family_has_is_refused()
    {
        var like = new TimelineNotification { Event = TimelineEvent.Like, Message = "m", Author = "a" };
        await Assert.ThrowsAsync<ArgumentException>(async () => await server.Channels.PublishUserTimelineAsync("8", "9", like));
        var ofNetwork = new MembershipNotification { Event = MembershipEvent.Create, Membership = "m", Rev = MembershipKind.Network, Role = "user" };
        await Assert.ThrowsAsync<ArgumentException>(async () => await server.Channels.PublishGroupMembershipAsync("8", "9", ofNetwork));
        await Assert.ThrowsAsync<ArgumentException>(async () => await server.Channels.PublishGroupAdminMembershipAsync("8", "9", ofNetwork));
        await Assert.ThrowsAsync<ArgumentException>(async () => await server.Channels.PublishNewsAsync("a:b", null!));
        await Assert.ThrowsAsync<ArgumentException>(async () => await server.Channels.PublishMessageReadAsync("", "9", "r"));
    }

    [Fact]
    public void Every_family_has_a_rule_of_its_own()
    {
        Assert.All(Enum.GetValues<SpeakapFamily>(), family => new SpeakapOptions().Allow(family, _ => true));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpeakapOptions().Allow((SpeakapFamily)99, _ => true));
    }
}
