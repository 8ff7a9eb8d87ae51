using System.Globalization;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Syncano;

public sealed class PollTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Stored_messages_come_one_by_one_in_order()
    {
        await server.CreateAsync("order");
        var ids = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await server.PublishAsync("order", $$"""{"n":{{i}}}""")).Id);
        }

        var last = 0L;
        foreach (var id in ids)
        {
            last = (await server.GetAsync($"channels/order/poll/?last_id={last}")).Expect(200).Id;
            Assert.Equal(id, last);
        }
    }

    [Fact]
    public async Task A_waiting_poll_gets_the_next_message_and_so_does_every_other()
    {
        await server.CreateAsync("wait");
        var head = (await server.PublishAsync("wait", "{}")).Id;
        var polls = Enumerable.Range(0, 5).Select(_ => server.GetAsync($"channels/wait/poll/?last_id={head}&room=")).ToList();
        var message = await server.PublishAsync("wait", """{"to":"all"}""");
        foreach (var poll in polls)
        {
            var answer = (await poll).Expect(200);
            Assert.Equal(message.Id, answer.Id);
            Assert.Equal(message.Id.ToString(CultureInfo.InvariantCulture), answer.Header("X-Last-Id"));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("?last_id=&room=")]
    [InlineData("?last_id=-5")]
    public async Task Without_a_position_only_new_messages_count(string query)
    {
        var name = $"new{Guid.NewGuid():N}";
        await server.CreateAsync(name);
        await server.PublishAsync(name, """{"old":true}""");
        var poll = server.GetAsync($"channels/{name}/poll/{query}");

        // When the poll has arrived shows only in its getting something.
        while (!poll.IsCompleted)
        {
            await server.PublishAsync(name, """{"new":true}""");
            await Task.Yield();
        }

        Assert.Equal("""{"new":true}""", (await poll).Expect(200).Json.GetProperty("payload").GetRawText());
    }

    [Fact]
    public async Task The_window_ends_with_an_empty_answer()
    {
        await server.CreateAsync("window");
        var poll = server.GetAsync("channels/window/poll/?last_id=99999999999999999999");
        await server.AdvanceUntilAsync(() => poll.IsCompleted);
        var answer = (await poll).Expect(204, "");
        Assert.Equal("no-cache", answer.Header("Cache-Control"));
        Assert.Null(answer.Header("Content-Type"));
    }

    [Theory]
    [InlineData("last_id=abc", """{"last_id":["A valid integer is required."]}""")]
    [InlineData("last_id=1.5", """{"last_id":["A valid integer is required."]}""")]
    [InlineData("last_id=--1", """{"last_id":["A valid integer is required."]}""")]
    [InlineData("last_id=%00", """{"last_id":["A valid integer is required."]}""")]
    [InlineData("last_id=x&transport=websocket", """{"last_id":["A valid integer is required."]}""")]
    [InlineData("transport=websocket", """{"detail":"Expected WebSocket connection."}""")]
    public async Task A_wrong_query_is_refused(string query, string error)
    {
        await server.Channels.Catalog.CreateAsync(new() { Name = "query" });
        (await server.GetAsync($"channels/query/poll/?{query}")).Expect(400, error);
        (await server.GetAsync($"channels/query/poll/?{query}", Keys.Api, Keys.Bob)).Expect(403);
        (await server.GetAsync($"channels/nothing/poll/?{query}")).Expect(404, """{"detail":"Not found."}""");
    }

    [Fact]
    public async Task A_poll_ends_when_its_channel_is_deleted_or_its_permission_withdrawn()
    {
        await server.CreateAsync("ending", ChannelPermission.Subscribe);
        var head = (await server.PublishAsync("ending", "{}")).Id;
        var user = server.GetAsync($"channels/ending/poll/?last_id={head}", Keys.Api, Keys.Bob);
        var admin = server.GetAsync($"channels/ending/poll/?last_id={head}");
        await server.SendAsync("PATCH", "channels/ending/", json: """{"other_permissions":"none"}""");
        (await user).Expect(403, """{"detail":"You do not have permission to perform this action."}""");
        await server.SendAsync("DELETE", "channels/ending/");
        (await admin).Expect(404, """{"detail":"Not found."}""");
    }

    [Fact]
    public async Task A_body_sent_with_get_is_ignored()
    {
        await server.CreateAsync("body");
        await server.PublishAsync("body", "{}");
        (await server.SendAsync("GET", "channels/body/poll/?last_id=0", json: "{}")).Expect(200);
        (await server.SendAsync("GET", "channels/body/poll/?last_id=0", content: TestServer.Body("{{{", "application/json"))).Expect(200);
        (await server.SendAsync("GET", "channels/", json: """{"_api_key":"x"}""", key: null)).Expect(403);
    }

    [Fact]
    public async Task A_disconnected_poll_consumes_nothing()
    {
        await server.CreateAsync("left");
        var head = (await server.PublishAsync("left", "{}")).Id;
        using var left = new CancellationTokenSource();
        using var request = server.Request("GET", $"channels/left/poll/?last_id={head}", Keys.Admin, null);
        var poll = server.Http.SendAsync(request, left.Token);
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll.Within());
        var message = await server.PublishAsync("left", "{}");
        Assert.Equal(message.Id, (await server.GetAsync($"channels/left/poll/?last_id={head}")).Expect(200).Id);
    }
}
