using System.Diagnostics.Metrics;
using System.Text.Json;
using Channels.AspNetCore.Pusher;
using Channels.AspNetCore.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.AspNetCore.Tests.Pusher;

public sealed class WebhookTests : IAsyncLifetime
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private readonly WebhookReceiver _receiver = new();
    private PusherTestServer? _server;

    private PusherTestServer Server => _server!;

    public ValueTask InitializeAsync() => _receiver.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task What_happens_is_told_signed_one_by_one_and_in_order()
    {
        await StartAsync(_ => { });
        using var client = await Server.ConnectAsync();
        using var other = await Server.ConnectAsync();
        await client.SubscribeAsync("presence-hook", "7");
        await other.SubscribeAsync("presence-hook", "8");
        await client.ReadAsync("pusher_internal:member_added");
        await client.SendAsync("""{"event":"client-wave","channel":"presence-hook","data":{"n":1}}""");
        await other.ReadAsync("client-wave");
        await other.UnsubscribeAsync("presence-hook");
        await client.UnsubscribeAsync("presence-hook");
        await client.SettleAsync();
        await other.SettleAsync();
        await _receiver.WaitAsync(4);

        // That they left is handled after they were answered, and told some time later.
        await AdvanceUntilAsync(client, () => _receiver.Events.Count >= 7);

        var events = _receiver.Events;
        string[] expected =
        [
            """{"name":"channel_occupied","channel":"presence-hook"}""",
            """{"name":"member_added","channel":"presence-hook","user_id":"7"}""",
            """{"name":"member_added","channel":"presence-hook","user_id":"8"}""",
            $$"""{"name":"client_event","channel":"presence-hook","event":"client-wave","data":"{\"n\":1}","socket_id":"{{client.SocketId}}","user_id":"7"}""",
            """{"name":"member_removed","channel":"presence-hook","user_id":"8"}""",
            """{"name":"member_removed","channel":"presence-hook","user_id":"7"}""",
            """{"name":"channel_vacated","channel":"presence-hook"}""",
        ];
        Assert.Equal(expected.Order(), events.Order());
        Assert.Equal(expected[3], events[3]);
        Assert.All(_receiver.Requests, request =>
        {
            Assert.Equal("application/json", request.Type);
            Assert.True(request.IsSignedBy(PusherTestServer.Authorizer));
            Assert.InRange(JsonDocument.Parse(request.Body).RootElement.GetProperty("time_ms").GetInt64(), 1, long.MaxValue);
        });
    }

    [Fact]
    public async Task Whoever_is_back_in_time_was_never_away()
    {
        await StartAsync(_ => { });
        var client = await Server.ConnectAsync();
        await client.SubscribeAsync("presence-flap", "7");
        await _receiver.WaitAsync(2);
        await client.CloseAsync();
        await Testing.ChannelsTestHost.EventuallyAsync(() => Server.Connections.Count == 0);
        Server.Time.Advance(TimeSpan.FromSeconds(2));
        using var back = await Server.ConnectAsync();
        await back.SubscribeAsync("presence-flap", "7");
        await back.SubscribeAsync("after");
        await _receiver.WaitAsync(3);
        await back.SubscribeAsync("last");
        await _receiver.WaitAsync(4);

        // Time goes on; an answer that is still on its way may be too late by this clock, and then the same comes again.
        Server.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(["channel_occupied", "channel_occupied", "channel_occupied", "member_added"], _receiver.Events.Distinct().Select(NameOf).Order());
    }

    [Fact]
    public async Task A_failed_delivery_is_repeated_until_it_is_taken()
    {
        _receiver.Answer = count => Task.FromResult(count < 4 ? 500 : 200);
        await StartAsync(_ => { });
        using var client = await Server.ConnectAsync();
        await client.SubscribeAsync("first");
        await client.SubscribeAsync("second");
        await AdvanceUntilAsync(client, () => _receiver.Requests.Count >= 5);
        Assert.Equal(["first", "first", "first", "first", "second"], _receiver.Channels);
        var bodies = _receiver.Requests.Select(request => request.Body).ToArray();
        Assert.Equal(bodies[0], bodies[3]);
    }

    [Fact]
    public async Task A_dead_receiver_is_given_up_and_the_next_event_is_tried()
    {
        _receiver.Answer = _ => Task.FromResult(503);
        await StartAsync(_ => { }, options => options.Webhooks.RetryFor = TimeSpan.FromSeconds(1));
        using var client = await Server.ConnectAsync();
        await client.SubscribeAsync("lost");
        await client.SubscribeAsync("found");
        var start = Server.Time.GetUtcNow();
        await AdvanceUntilAsync(client, () => _receiver.Channels.Contains("found"));
        Assert.True(Server.Time.GetUtcNow() - start >= TimeSpan.FromSeconds(1));
        Assert.Contains(Server.Logs.Warnings, text => text.Contains("given up", StringComparison.Ordinal));
    }

    [Fact]
    public async Task As_many_events_wait_for_a_receiver_as_permitted_and_not_one_more()
    {
        var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _receiver.Answer = count => count == 1 ? answer.Task : Task.FromResult(200);
        await StartAsync(_ => { }, options => options.Webhooks.MaxQueuedEvents = 2);
        using var dropped = new InstrumentSum("channels.webhooks.dropped", Server.Services.GetRequiredService<IMeterFactory>());
        using var client = await Server.ConnectAsync();
        await client.SubscribeAsync("under-way");
        await _receiver.WaitAsync(1);
        foreach (var channel in new[] { "waits", "waits-too", "one-too-many" })
        {
            await client.SubscribeAsync(channel);
        }

        await Testing.ChannelsTestHost.EventuallyAsync(() => dropped.Value == 1);
        answer.SetResult(200);
        await _receiver.WaitAsync(3);
        await client.SubscribeAsync("later");
        await _receiver.WaitAsync(4);

        Assert.Equal(["under-way", "waits", "waits-too", "later"], _receiver.Channels);
        Assert.Equal(1, dropped.Value);
    }

    [Fact]
    public async Task Batches_are_collected_for_those_who_take_them()
    {
        await StartAsync(webhook => webhook.Batch = true);
        using var client = await Server.ConnectAsync();
        foreach (var channel in new[] { "b1", "b2", "b3" })
        {
            await client.SubscribeAsync(channel);
        }

        await AdvanceUntilAsync(client, () => _receiver.Events.Count == 3);
        Assert.Equal(["b1", "b2", "b3"], _receiver.Channels);
        Assert.Single(_receiver.Requests);
    }

    [Fact]
    public async Task Only_what_is_wanted_is_told()
    {
        await StartAsync(webhook =>
        {
            webhook.Events.Add("cache_miss");
            webhook.ChannelPrefix = "cache-w";
        });
        using var client = await Server.ConnectAsync();
        using var other = await Server.ConnectAsync();
        foreach (var channel in new[] { "cache-x", "cache-wanted", "cache-w2" })
        {
            await client.SubscribeAsync(channel);
            await client.ReadAsync("pusher:cache_miss");
            await other.SubscribeAsync(channel);
            await other.ReadAsync("pusher:cache_miss");
        }

        await _receiver.WaitAsync(2);
        Assert.Equal(["""{"name":"cache_miss","channel":"cache-wanted"}""", """{"name":"cache_miss","channel":"cache-w2"}"""], _receiver.Events);
    }

    [Fact]
    public async Task Private_networks_are_not_reached_unless_permitted()
    {
        await StartAsync(_ => { }, options =>
        {
            options.Webhooks.AllowPrivateNetworks = false;
            options.Webhooks.RetryFor = TimeSpan.FromMilliseconds(50);
        });
        using var client = await Server.ConnectAsync();
        await client.SubscribeAsync("a");
        await AdvanceUntilAsync(client, () => Server.Logs.Warnings.Any(text => text.Contains("given up", StringComparison.Ordinal)));
        Assert.Empty(_receiver.Requests);
    }

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("169.254.169.254", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("2606:4700::1111", false)]
    [InlineData("1.1.1.1", false)]
    public void Networks_that_are_private(string address, bool isPrivate) =>
        Assert.Equal(isPrivate, AspNetCore.Pusher.Webhooks.PrivateNetworks.Contain(System.Net.IPAddress.Parse(address)));

    private static string NameOf(string one) => JsonDocument.Parse(one).RootElement.GetProperty("name").GetString()!;

    private async Task StartAsync(Action<PusherWebhookOptions> configure, Action<PusherOptions>? more = null)
    {
        var webhook = new PusherWebhookOptions { Url = _receiver.Url() };
        configure(webhook);
        _server = new()
        {
            Configure = options =>
            {
                options.Webhooks.AllowHttp = true;
                options.Webhooks.AllowPrivateNetworks = true;
                options.Webhooks.RetryDelay = Step;
                options.Webhooks.Timeout = TimeSpan.FromMinutes(5);
                options.Apps[0].Webhooks.Add(webhook);
                more?.Invoke(options);
            },
        };
        await _server.InitializeAsync();
    }

    /// <summary>Moves the clock, no faster than messages travel, so that no request is too late by the clock.</summary>
    private async Task AdvanceUntilAsync(PusherTestClient client, Func<bool> condition)
    {
        while (!condition())
        {
            Server.Time.Advance(Step);
            await client.SettleAsync();
        }
    }
}
