using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.PushStream;

/// <summary>What other front ends publish arrives here, and the same rules hold.</summary>
public sealed class CrossTests : IAsyncLifetime
{
    private readonly PushStreamServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task What_is_published_over_rest_arrives_on_every_transport()
    {
        using var socket = await _server.OpenAsync("/websocket/open-a");
        using var stream = await _server.FollowAsync("/eventsource/open-a");
        var poll = await _server.ParkAsync("/longpoll/open-a");
        var id = (await _server.PostAsync("messages/", """{"channel":"open-a","event":"shown-nowhere","payload":{"content":"hello"}}""")).Expect(201).Id;
        var expected = $$$"""{"id":{{{id}}},"channel":"open-a","message":{"content":"hello"},"tag":"{{{id}}}","time":"Thu, 01 Jan 2026 00:00:00 GMT"}""";
        Assert.Equal(expected, await socket.ReadTextAsync());
        Assert.Equal(expected, (await stream.ReadEventAsync()).Data);
        (await poll).Expect(200, expected);
        (await _server.AskAsync("/shortpoll/open-a?tag=0&time=Thu, 01 Jan 2026 00:00:00 GMT")).Expect(200, expected);
    }

    [Fact]
    public async Task Stored_channels_follow_their_permissions_whatever_the_front_end()
    {
        await _server.CreateAsync("team", group: "1", members: ChannelPermission.Subscribe);
        await _server.PostAsync("channels/team/publish/", """{"payload":{"n":1}}""");
        (await _server.AskAsync("/shortpoll/team.b1")).Expect(200);
        (await _server.AskAsync($"/shortpoll/team.b1?auth_token={PushStreamServer.Bob}")).Expect(403);
    }

    [Fact]
    public async Task What_is_published_for_dashly_arrives_on_the_native_stream()
    {
        using var stream = await _server.ListenAsync($"stream/?channel=conversation.100&api_key={Keys.Api}&user_key={Keys.Alice}");
        await stream.ReadEventAsync();
        var message = await _server.PublishAsync("conversation.100", """{"n":1}""");
        Assert.Equal($"{message.Id}", (await stream.ReadEventAsync()).Id);
    }

    [Fact]
    public async Task A_ping_comes_every_20_seconds_while_somebody_listens_and_is_not_kept()
    {
        _server.Time.Advance(TimeSpan.FromMinutes(1));
        using var socket = await _server.OpenAsync("/websocket/ping/open-a");
        var ping = socket.ReadJsonAsync();
        await _server.AdvanceUntilAsync(() => ping.IsCompleted, TimeSpan.FromSeconds(20));
        Assert.Equal(("ping", "{}"), ((await ping).GetProperty("channel").GetString(), (await ping).GetProperty("message").GetRawText()));
        Assert.Empty((await _server.Channels.ReadHistoryAsync("ping").Within()).Messages);

        // Its pair is as good as any: what follows is complete, and the ping does not come again.
        var (tag, time) = ((await ping).GetProperty("tag").GetString(), (await ping).GetProperty("time").GetString());
        var next = await _server.PublishAsync("open-a", "1");
        var answer = await _server.AskAsync($"/shortpoll/ping/open-a?tag={tag}&time={time}");
        Assert.Equal([next.Id], PushStreamServer.Ids(answer.Expect(200).Body).Where(id => id == next.Id || id <= long.Parse(tag!)));
    }
}
