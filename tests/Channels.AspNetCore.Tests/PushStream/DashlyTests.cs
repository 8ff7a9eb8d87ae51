using System.Text;
using Channels.AspNetCore.PushStream.Dashly;
using Channels.AspNetCore.Tests.Support;
using Channels.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.Tests.PushStream;

/// <summary>The channels of Dashly.</summary>
public sealed class DashlyTests
{
    public static TheoryData<DashlyEvent, string[]> Families { get; } = new()
    {
        { DashlyEvent.UserPresenceChanged, ["user_presence_changed.100"] },
        { DashlyEvent.Conversation, ["conversation.100", "conversation.100.5"] },
        { DashlyEvent.ConversationStartedByUser, ["conversation_started_user.100"] },
        { DashlyEvent.ConversationReply, ["conversation_reply.100", "conversation_reply.100.5"] },
        { DashlyEvent.ConversationTyping, ["conversation_typing.100", "conversation_typing.100.5"] },
        { DashlyEvent.ConversationRead, ["conversation_read.100", "conversation_read.100.5"] },
        { DashlyEvent.ConversationAssigned, ["conversation_assigned.100"] },
        { DashlyEvent.ConversationClosed, ["conversation_closed.100"] },
        { DashlyEvent.ConversationTagAdded, ["conversation_tag_added.100"] },
        { DashlyEvent.ConversationTagDeleted, ["conversation_tag_deleted.100"] },
        { DashlyEvent.UserPropertiesChanged, ["user_props_changed.100.5"] },
        { DashlyEvent.UserEvent, ["event.100.5"] },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public async Task An_event_goes_out_on_every_channel_of_its_family(DashlyEvent what, string[] channels)
    {
        await using var server = await PushStreamServer.StartAsync();
        using var socket = await server.OpenAsync($"/websocket/{string.Join('/', channels)}");
        var published = await server.Channels.PublishDashlyAsync(what, 100, 5, Encoding.UTF8.GetBytes("""{"n":1}""")).AsTask().Within();
        Assert.Equal(channels, published.Select(message => message.Address.Channel));
        foreach (var message in published)
        {
            var received = await socket.ReadJsonAsync();
            Assert.Equal((message.Id, message.Address.Channel), (received.GetProperty("id").GetInt64(), received.GetProperty("channel").GetString()));
        }
    }

    [Fact]
    public async Task An_event_of_a_user_needs_the_user_and_others_do_not()
    {
        await using var host = ChannelsTestHost.Create(c => c.AddDashly());
        await Assert.ThrowsAsync<ArgumentException>(() => host.Channels.PublishDashlyAsync(DashlyEvent.UserEvent, 1, null, "{}"u8.ToArray()).AsTask());
        Assert.Equal("conversation.1", (await host.Channels.PublishDashlyAsync(DashlyEvent.Conversation, 1, null, "{}"u8.ToArray())).Single().Address.Channel);
        await Assert.ThrowsAsync<ChannelPublishException>(() => host.Channels.PublishDashlyAsync(DashlyEvent.Conversation, 1, 2, "{"u8.ToArray()).AsTask());
    }

    [Theory]
    [InlineData("conversation.100", true)]
    [InlineData("conversation.100.77", true)]
    [InlineData("event.100.77", true)]
    [InlineData("ping", true)]
    [InlineData("conversation.200", false)]
    [InlineData("conversation.0100", false)]
    [InlineData("conversation.100.x", false)]
    [InlineData("conversation.x", false)]
    [InlineData("conversation", false)]
    [InlineData("event.100", false)]
    [InlineData("conversation_closed.100.5", false)]
    [InlineData("conversation.100.5.6", false)]
    public async Task A_token_is_good_for_its_application(string channel, bool allowed)
    {
        await using var server = await PushStreamServer.StartAsync();
        (await server.AskAsync($"/shortpoll/{channel}")).Expect(allowed ? 304 : 403);
        (await server.AskAsync($"/shortpoll/{channel}?auth_token={PushStreamServer.Bob}")).Expect(403);
    }

    [Fact]
    public async Task The_application_may_decide_itself()
    {
        await using var host = ChannelsTestHost.Create(c => c.AddDashly(options => options.Allow = context => context.Caller.UserId == "eve" && context["app"] == "7"));
        var eve = host.Channels.As(ChannelCaller.User("eve"));
        Assert.Equal(AccessStatus.Allowed, await eve.CheckAccessAsync("conversation.7.1", ChannelOperations.Subscribe).Within());
        Assert.Equal(AccessStatus.Forbidden, await eve.CheckAccessAsync("conversation.8.1", ChannelOperations.Subscribe).Within());
        Assert.Equal(AccessStatus.Forbidden, await eve.CheckAccessAsync("conversation.7.1", ChannelOperations.Publish).Within());
    }

    [Fact]
    public void Wrong_settings_are_all_named()
    {
        var host = ChannelsTestHost.Create(c => c.AddDashly(options =>
        {
            options.PingInterval = TimeSpan.Zero;
            options.Apps.Add(new() { Id = "x" });
            options.Apps.Add(new() { Id = "1" });
            options.Apps.Add(new() { Id = "1" });
        }));
        var error = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IOptions<DashlyOptions>>().Value);
        Assert.Equal(4, error.Failures.Count());
    }
}
