using System.Globalization;
using Channels.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;

namespace Channels.AspNetCore.Tests.Syncano;

public sealed class EventPollTests(EventPollTests.Server server) : IClassFixture<EventPollTests.Server>
{
    private const string Key = $"api_key={Keys.Api}&user_key={Keys.Bob}";

    [Fact]
    public async Task The_stream_opens_with_a_retry_hint_and_the_position()
    {
        await server.CreateAsync("opening", ChannelPermission.Subscribe);
        var head = await server.PublishAsync("opening", "{}");
        using var events = await server.ListenAsync($"channels/opening/poll/?{Key}");
        Assert.Equal(200, events.Status);
        Assert.Equal("text/event-stream", events.Response.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-store, no-cache", events.Response.Headers.CacheControl!.ToString());
        Assert.Equal("no", events.Response.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.Equal(new EventBlock("message", Text(head.Id), "", "1500", false), await events.ReadBlockAsync());
    }

    [Fact]
    public async Task Messages_carry_ids_and_the_form_of_polls()
    {
        await server.CreateAsync("messages", ChannelPermission.Subscribe);
        var first = await server.PublishAsync("messages", """{"a": "ü"}""");
        using var events = await server.ListenAsync($"channels/messages/poll/?last_id=0&{Key}");
        var block = await events.ReadEventAsync();
        Assert.Equal(Text(first.Id), block.Id);
        Assert.Equal("message", block.Name);
        Assert.Equal(
            $$$"""{"id":{{{first.Id}}},"created_at":"{{{server.Now}}}","action":"custom","author":{},"metadata":{"type":"message"},"payload":{"a": "ü"}}""",
            block.Data);
        var second = await server.PublishAsync("messages", "{}");
        Assert.Equal(Text(second.Id), (await events.ReadEventAsync()).Id);
    }

    [Fact]
    public async Task Line_breaks_in_a_payload_do_not_break_the_stream()
    {
        await server.CreateAsync("lines", ChannelPermission.Subscribe);
        await server.PublishAsync("lines", "{\n\"a\":\r\n1,\r\"b\":\n\n2}");
        using var events = await server.ListenAsync($"channels/lines/poll/?last_id=0&{Key}");
        Assert.EndsWith("\"payload\":{\n\"a\":\n1,\n\"b\":\n\n2}}", (await events.ReadEventAsync()).Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_event_id_wins_over_the_query()
    {
        await server.CreateAsync("resume", ChannelPermission.Subscribe);
        var first = await server.PublishAsync("resume", "{}");
        var second = await server.PublishAsync("resume", "{}");
        using var events = await server.ListenAsync($"channels/resume/poll/?last_id=0&{Key}", ("Last-Event-ID", Text(first.Id)));
        Assert.Equal(Text(second.Id), (await events.ReadEventAsync()).Id);

        // A long poll is not resumed by a header.
        var poll = await server.SendAsync("GET", "channels/resume/poll/?last_id=0", headers: ("Last-Event-ID", Text(first.Id)));
        Assert.Equal(first.Id, poll.Expect(200).Id);
    }

    [Fact]
    public async Task A_gap_is_told_and_becomes_the_position()
    {
        await server.CreateAsync("gaps", ChannelPermission.Subscribe);
        var seen = await server.PublishAsync("gaps", "{}");
        var expired = await server.PublishAsync("gaps", "{}");
        server.Time.Advance(TimeSpan.FromHours(25));
        await server.SweepAsync();
        var kept = await server.PublishAsync("gaps", "{}");
        using var events = await server.ListenAsync($"channels/gaps/poll/?last_id={seen.Id}&{Key}");
        var gap = await events.ReadEventAsync();
        Assert.Equal("gap", gap.Name);
        Assert.StartsWith($$"""{"requested":{{seen.Id}},"oldest":""", gap.Data, StringComparison.Ordinal);
        Assert.Contains($"\"oldest\":{gap.Id}}}", gap.Data, StringComparison.Ordinal);
        Assert.InRange(long.Parse(gap.Id!, CultureInfo.InvariantCulture), expired.Id, kept.Id - 1);
        Assert.Equal(Text(kept.Id), (await events.ReadEventAsync()).Id);
    }

    [Fact]
    public async Task Comments_keep_an_idle_stream_alive()
    {
        await server.CreateAsync("idle", ChannelPermission.Subscribe);
        using var events = await server.ListenAsync($"channels/idle/poll/?{Key}");
        Assert.False((await events.ReadBlockAsync())!.IsComment);
        for (var i = 0; i < 3; i++)
        {
            var next = events.ReadBlockAsync();
            await server.AdvanceUntilAsync(() => next.IsCompleted, TimeSpan.FromSeconds(15));
            Assert.True((await next)!.IsComment);
        }
    }

    [Fact]
    public async Task The_end_of_the_subscription_is_told()
    {
        await server.CreateAsync("ended", ChannelPermission.Subscribe);
        using var events = await server.ListenAsync($"channels/ended/poll/?{Key}");
        await server.SendAsync("DELETE", "channels/ended/");
        var ended = await events.ReadEventAsync();
        Assert.Equal(("ended", """{"detail":"Not found."}"""), (ended.Name, ended.Data));
        Assert.Null(await events.ReadBlockAsync());
    }

    [Theory]
    [InlineData("channels/nothing/poll/", 404)]
    [InlineData("channels/refusing/poll/", 403)]
    [InlineData("channels/refusing/poll/?last_id=x", 403)]
    [InlineData("channels/opening2/poll/?last_id=x", 400)]
    public async Task Errors_are_plain_http(string path, int status)
    {
        await server.Channels.Catalog.CreateAsync(new() { Name = "refusing" });
        await server.Channels.Catalog.CreateAsync(new() { Name = "opening2", OtherPermission = ChannelPermission.Subscribe });
        using var events = await server.ListenAsync(path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + Key);
        Assert.Equal(status, events.Status);
        Assert.Equal("application/json", events.Response.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task A_client_that_leaves_frees_its_connection()
    {
        await server.CreateAsync("leaving", ChannelPermission.Subscribe);
        var events = await server.ListenAsync($"channels/leaving/poll/?{Key}");
        var open = server.Connections.Count;
        events.Dispose();
        await Testing.ChannelsTestHost.EventuallyAsync(() => server.Connections.Count < open);
    }

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    public sealed class Server : TestServer
    {
        protected override void Map(WebApplication app) =>
            app.MapChannelEndpoints(options => options.ReconnectDelay = TimeSpan.FromMilliseconds(1500));
    }
}
