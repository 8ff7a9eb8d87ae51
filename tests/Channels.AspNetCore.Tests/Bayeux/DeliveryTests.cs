namespace Channels.AspNetCore.Tests.Bayeux;

/// <summary>What subscribers receive. Source: docs/protocols/bayeux.md#publish, #channels</summary>
public sealed class DeliveryTests
{
    [Fact]
    public async Task Patterns_match_one_or_more_further_segments_and_each_session_gets_one_copy()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();
        await client.SubscribeAsync("/a/*");
        await client.SubscribeAsync("/a/**");
        await client.SubscribeAsync("/a/b");
        await client.SubscribeAsync("/c/*");
        foreach (var channel in new[] { "/a", "/a/b", "/a/b/c", "/c", "/c/d/e", "/c/d", "/other" })
        {
            Replies.Succeeded(await client.PublishAsync(channel, $"\"{channel}\""));
        }

        Assert.Equal(["\"/a/b\"", "\"/a/b/c\"", "\"/c/d\""], await client.ReceiveAsync(3));
        Assert.Empty(Replies.Data(await client.ConnectNowAsync()));
    }

    [Fact]
    public async Task The_pattern_of_everything_hears_no_meta_and_service_channels()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();
        await client.SubscribeAsync("/**");
        await server.CreateAsync("service/x", ChannelPermission.Subscribe);
        await server.PublishAsync("service/x", "1");
        Replies.Succeeded(await client.PublishAsync("/service/y", "2"));
        await server.PublishAsync("x", "3");

        Assert.Equal(["3"], await client.ReceiveAsync(1));
    }

    [Fact]
    public async Task A_slash_at_the_end_means_the_same_channel_and_comes_back_as_it_was_written()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();
        var reply = Replies.Succeeded(await client.SendAsync("/meta/subscribe", "\"subscription\":\"/x/\""));
        Assert.Equal("/x/", reply.GetProperty("subscription").GetString());

        await server.PublishAsync("x", "1");
        Assert.Equal("/x/", await ChannelOfNextAsync(client));
        await client.SubscribeAsync("/x");
        await server.PublishAsync("x", "2");
        Assert.Equal("/x", await ChannelOfNextAsync(client));
        Replies.Succeeded(await client.SendAsync("/meta/unsubscribe", "\"subscription\":\"/x\""));
        Replies.Succeeded(await client.PublishAsync("/x/", "3"));
        Assert.Equal("/x/", await ChannelOfNextAsync(client));
    }

    [Fact]
    public async Task After_an_unsubscribe_nothing_published_later_comes()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();
        await client.SubscribeAsync("/x");
        await client.SubscribeAsync("/y");
        await client.SubscribeAsync("/p/*");
        Replies.Succeeded(await client.SendAsync("/meta/unsubscribe", "\"subscription\":[\"/x\",\"/p/*\",\"/never\"]"));

        await server.PublishAsync("x", "1");
        await server.PublishAsync("p/q", "2");
        await server.PublishAsync("y", "3");

        Assert.Equal(["3"], await client.ReceiveAsync(1));
    }

    [Fact]
    public async Task A_list_is_subscribed_wholly_or_not_at_all()
    {
        await using var server = await BayeuxServer.StartAsync();
        await server.CreateAsync("closed");
        var client = await server.ConnectAsync();
        await client.SubscribeAsync("/kept");

        Replies.Failed(
            await client.SendAsync("/meta/subscribe", "\"subscription\":[\"/kept\",\"/open\",\"/closed\"]"),
            "403:denied_by_security_policy:subscribe_denied");
        await server.PublishAsync("open", "1");
        await server.PublishAsync("kept", "2");

        Assert.Equal(["2"], await client.ReceiveAsync(1));
    }

    [Fact]
    public async Task Data_keeps_its_spelling_and_nothing_of_the_publisher_is_forwarded()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();
        await client.SubscribeAsync("/x");
        const string Data = """{"big":12345678901234567890,"real":1.0e2,"text":"\u2028 ü","list":[null,false,0,""]}""";

        Replies.Succeeded(await client.SendAsync("/x", "\"data\":" + Data + ",\"ext\":{\"authorization\":\"Bearer secret\",\"other\":1}"));

        var answer = (await client.HoldAsync()).Expect(200).Body;
        Assert.StartsWith($$"""[{"channel":"/x","data":{{Data}}},{"id":""", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_mark_of_binary_data_stays_with_the_event()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();
        await client.SubscribeAsync("/x");

        Replies.Succeeded(await client.SendAsync("/x", "\"data\":{\"data\":\"z85\",\"last\":true},\"ext\":{\"binary\":{},\"token\":\"secret\"}"));

        Assert.StartsWith(
            """[{"channel":"/x","data":{"data":"z85","last":true},"ext":{"binary":{}}},{"id":""",
            (await client.HoldAsync()).Body,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publishers_hear_themselves_unless_the_options_say_otherwise()
    {
        await using var server = await BayeuxServer.StartAsync(options => options.ChannelsWithoutEcho.Add("/quiet/**"));
        var client = await server.ConnectAsync();
        var other = await server.ConnectAsync();
        foreach (var subscriber in new[] { client, other })
        {
            await subscriber.SubscribeAsync("/quiet/room");
            await subscriber.SubscribeAsync("/loud");
        }

        await client.PublishAsync("/quiet/room", "1");
        await client.PublishAsync("/loud", "2");

        Assert.Equal(["2"], await client.ReceiveAsync(1));
        Assert.Equal(["1", "2"], await other.ReceiveAsync(2));
    }

    [Fact]
    public async Task A_batch_is_dealt_with_in_order()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();
        var publishes = Enumerable.Range(0, 500).Select(n => client.Message("/x", $"\"data\":{n}"));

        var replies = await server.ExchangeAsync($"[{client.Message("/meta/subscribe", "\"subscription\":\"/x\"")},{string.Join(',', publishes)}]");

        Assert.Equal(501, replies.Length);
        Assert.All(replies, reply => Replies.Succeeded(reply));
        Assert.Equal(Enumerable.Range(0, 500).Select(n => $"{n}"), await client.ReceiveAsync(500));
    }

    [Fact]
    public async Task Subscriptions_are_bounded_by_the_engines_limit()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();
        var names = string.Join(',', Enumerable.Range(0, 1000).Select(n => $"\"/n/{n}\""));
        Replies.Succeeded(await client.SendAsync("/meta/subscribe", $"\"subscription\":[{names}]"));

        Replies.Failed(await client.SendAsync("/meta/subscribe", "\"subscription\":\"/one/more\""), "403::subscription_limit_reached");
    }

    private static async Task<string?> ChannelOfNextAsync(PollingClient client)
    {
        while (true)
        {
            var messages = await client.ConnectNowAsync();
            if (messages.Length > 1)
            {
                return messages[0].GetProperty("channel").GetString();
            }
        }
    }
}
