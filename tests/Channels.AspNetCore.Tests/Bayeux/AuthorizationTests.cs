using Channels.AspNetCore.Bayeux;

namespace Channels.AspNetCore.Tests.Bayeux;

/// <summary>Who may do what in the projects of the Epicenter layer. Source: docs/protocols/bayeux.md#authorization</summary>
public sealed class AuthorizationTests
{
    private const string Alice = ",\"userName\":\"alice\",\"authorization\":\"Bearer alice-token\"";
    private const string Project = ",\"authorization\":\"Bearer project-token-00000\"";
    private const string Denied = "403:denied_by_security_policy:subscribe_denied";

    [Theory]
    [InlineData("")]
    [InlineData(",\"authorization\":\"Bearer wrong-token\"")]
    [InlineData(",\"authorization\":\"alice-token\"")]
    [InlineData(",\"authorization\":\"Bearer\"")]
    [InlineData(",\"authorization\":{\"Bearer\":\"alice-token\"}")]
    [InlineData(",\"authorization\":\"Bearer stranger-token-0000\"")]
    public async Task Without_a_good_token_the_handshake_is_denied(string ext)
    {
        await using var server = await StartAsync();

        var answer = (await server.SendAsync(BayeuxServer.Handshake(ext: ext))).Expect(200);

        var reply = Replies.Failed(Assert.Single(answer.Json.EnumerateArray()), "403::handshake_denied");
        Assert.Equal("""{"reconnect":"none"}""", reply.GetProperty("advice").GetRawText());
        Assert.False(reply.TryGetProperty("clientId", out _));
        Assert.Null(answer.Header("Set-Cookie"));
        Assert.DoesNotContain("token", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(",\"authorization\":\"Bearer alice-token\"")]
    [InlineData(",\"authorization\":\"bearer  alice-token\"")]
    [InlineData(",\"authorization\":\"Beareralice-token\"")]
    [InlineData(",\"com.forio.epicenter.token\":\"alice-token\"")]
    [InlineData(Project)]
    public async Task A_good_token_is_accepted_in_every_place(string ext)
    {
        await using var server = await StartAsync();

        await server.ConnectAsync(ext: ext);
    }

    [Theory]
    [InlineData("/project/acme/game", true, true)]
    [InlineData("/project/acme/game/broadcasts", true, true)]
    [InlineData("/group/acme/game/team", true, true)]
    [InlineData("/group/acme/game/team/broadcasts", true, true)]
    [InlineData("/group/acme/game/others", false, true)]
    [InlineData("/group/acme/game", false, true)]
    [InlineData("/world/acme/game/team/one", true, true)]
    [InlineData("/world/acme/game/team/two", false, true)]
    [InlineData("/user/acme/game/team/1", true, true)]
    [InlineData("/user/acme/game/team/one/1", true, true)]
    [InlineData("/user/acme/game/team/2", false, true)]
    [InlineData("/user/acme/game/team/one/2", false, true)]
    [InlineData("/data/acme/game/books", true, true)]
    [InlineData("/general/acme/game/x/y", true, true)]
    [InlineData("/chat/acme/game/x", true, true)]
    [InlineData("/chat/acme/other/x", false, false)]
    [InlineData("/chat/other/game/x", false, false)]
    [InlineData("/chat/acme", false, false)]
    [InlineData("/elsewhere/acme/game/x", false, false)]
    [InlineData("/chat/acme/off/x", false, false)]
    [InlineData("/chat/acme/game/*", true, true)]
    [InlineData("/chat/acme/game/**", true, true)]
    [InlineData("/**", false, false)]
    [InlineData("/*", false, false)]
    [InlineData("/chat/**", false, false)]
    [InlineData("/chat/acme/*", false, false)]
    [InlineData("/chat/acme/**", false, false)]
    public async Task With_authorization_the_families_of_the_own_project_are_there_and_nothing_else(string channel, bool forAlice, bool forProject)
    {
        await using var server = await StartAsync();
        foreach (var (ext, isAllowed) in new[] { (Alice, forAlice), (Project, forProject) })
        {
            var client = await server.ConnectAsync(ext: ext);
            var reply = await client.SendAsync("/meta/subscribe", $"\"subscription\":\"{channel}\"");
            if (isAllowed)
            {
                Replies.Succeeded(reply);
            }
            else
            {
                Replies.Failed(reply, Denied);
            }

            if (!channel.Contains('*', StringComparison.Ordinal))
            {
                var published = await client.PublishAsync(channel, "1");
                Assert.Equal(isAllowed, published.GetProperty("successful").GetBoolean());
                if (!isAllowed)
                {
                    Replies.Failed(published, "403:denied_by_security_policy:publish_denied");
                }
            }
        }
    }

    [Fact]
    public async Task A_pattern_shows_only_what_its_subscriber_may_see()
    {
        await using var server = await StartAsync();
        var alice = await server.ConnectAsync(ext: Alice);
        await alice.SubscribeAsync("/group/acme/game/**");
        await alice.SubscribeAsync("/user/acme/game/**");
        foreach (var name in new[] { "group/acme/game/others", "user/acme/game/team/2", "group/acme/game/team", "user/acme/game/team/1" })
        {
            await server.PublishAsync(name, $"\"{name}\"");
        }

        Assert.Equal(["\"group/acme/game/team\"", "\"user/acme/game/team/1\""], await alice.ReceiveAsync(2));
    }

    [Fact]
    public async Task Without_authorization_any_name_can_be_used_and_a_bad_token_is_ignored()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync(ext: ",\"authorization\":\"Bearer wrong-token\"");
        await client.SubscribeAsync("/any/name at all~");
        await client.SubscribeAsync("/**");

        Replies.Succeeded(await client.PublishAsync("/any/name at all~", "1"));

        Assert.Equal(["1"], await client.ReceiveAsync(1));
    }

    [Fact]
    public async Task The_switch_is_each_projects_own()
    {
        await using var server = await StartAsync(options => options.Projects.Add(new() { Account = "acme", Project = "open", AuthorizationRequired = false }));
        var guest = await server.ConnectAsync();

        Replies.Succeeded(await guest.PublishAsync("/chat/acme/open/x", "1"));
        Replies.Failed(await guest.PublishAsync("/chat/acme/game/x", "1"), "403:denied_by_security_policy:publish_denied");
        Replies.Failed(await guest.PublishAsync("/any", "1"), "403:denied_by_security_policy:publish_denied");
    }

    [Fact]
    public async Task Stored_channels_keep_their_own_permissions()
    {
        await using var server = await StartAsync();
        await server.CreateAsync("readable", ChannelPermission.Subscribe);
        await server.CreateAsync("writable", ChannelPermission.Publish);
        await server.CreateAsync("closed");
        var alice = await server.ConnectAsync(ext: Alice);

        await alice.SubscribeAsync("/readable");
        Replies.Failed(await alice.PublishAsync("/readable", "1"), "403:denied_by_security_policy:publish_denied");
        Replies.Succeeded(await alice.PublishAsync("/writable", "1"));
        Replies.Failed(await alice.SendAsync("/meta/subscribe", "\"subscription\":\"/closed\""), Denied);
    }

    [Fact]
    public async Task A_guest_counts_as_everybody_else_on_a_stored_channel()
    {
        await using var server = await BayeuxServer.StartAsync();
        await server.CreateAsync("writable", ChannelPermission.Publish);
        await server.CreateAsync("closed");
        var guest = await server.ConnectAsync();

        await guest.SubscribeAsync("/writable");
        Replies.Succeeded(await guest.PublishAsync("/writable", "1"));
        Replies.Failed(await guest.PublishAsync("/closed", "1"), "403:denied_by_security_policy:publish_denied");
    }

    private static Task<BayeuxServer> StartAsync(Action<BayeuxOptions>? configure = null) => BayeuxServer.StartAsync(options =>
    {
        options.AuthorizationRequired = true;
        options.Projects.Add(new()
        {
            Account = "acme",
            Project = "game",
            Keys = { "project" },
            Users =
            {
                new() { Id = "1", UserName = "alice", Groups = { "team" }, Worlds = { "team/one" } },
                new() { Id = "2", UserName = "bob", Groups = { "others" } },
            },
        });
        options.Projects.Add(new() { Account = "acme", Project = "off", PushChannel = false, Keys = { "project" } });
        configure?.Invoke(options);
    });
}
