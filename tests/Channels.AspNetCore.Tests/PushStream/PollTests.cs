using System.Text.Json;
using Channels.AspNetCore.Tests.Support;
using Channels.Testing;

namespace Channels.AspNetCore.Tests.PushStream;

/// <summary>Long and short polls: bytes, headers and endings.</summary>
public sealed class PollTests : IAsyncLifetime
{
    private const string Now = "Thu, 01 Jan 2026 00:00:00 GMT";

    private readonly PushStreamServer _server = new(options => options.AllowJsonp = true);

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_message_is_this_object_with_these_headers()
    {
        var poll = await _server.ParkAsync("/longpoll/open-a/open-b");
        var message = await _server.PublishAsync("open-b", """{"type":"reply_user", "n" : 1.50}""");

        var answer = (await poll).Expect(200, $$$"""{"id":{{{message.Id}}},"channel":"open-b","message":{"type":"reply_user", "n" : 1.50},"tag":"{{{message.Id}}}","time":"{{{Now}}}"}""");
        Assert.Equal("application/json; charset=utf-8", answer.Header("Content-Type"));
        Assert.Equal($"W/{message.Id}", answer.Header("ETag"));
        Assert.Equal(Now, answer.Header("Last-Modified"));
        Assert.Equal("Thu, 01 Jan 1970 00:00:01 GMT", answer.Header("Expires"));
        Assert.Equal("must-revalidate, no-cache, no-store", string.Join(", ", answer.Header("Cache-Control")!.Split(", ").Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task All_that_was_missed_comes_at_once_divided_by_line_breaks()
    {
        var first = await _server.PublishAsync("open-a", "1");
        var second = await _server.PublishAsync("open-b", "2");
        var third = await _server.PublishAsync("open-a", "3");
        var answer = (await _server.AskAsync($"/longpoll/open-b/open-a?tag={first.Id}&time={Now}")).Expect(200);

        string Object(ChannelMessage message, int n) => $$"""{"id":{{message.Id}},"channel":"{{message.Address.Channel}}","message":{{n}},"tag":"{{message.Id}}","time":"{{Now}}"}""";
        Assert.Equal($"{Object(second, 2)}\r\n{Object(third, 3)}", answer.Body);
        Assert.Equal($"W/{third.Id}", answer.Header("ETag"));
    }

    [Fact]
    public async Task After_25_seconds_the_answer_is_empty_and_its_cursor_misses_nothing()
    {
        var before = await _server.PublishAsync("open-a", "1");
        var poll = await _server.ParkAsync("/longpoll/open-a");
        _server.Time.Advance(TimeSpan.FromSeconds(24.9));
        Assert.False(poll.IsCompleted);
        _server.Time.Advance(TimeSpan.FromSeconds(0.1));

        var answer = (await poll).Expect(304, "");
        Assert.Equal("0", answer.Header("Content-Length"));
        Assert.Equal($"W/{before.Id}", answer.Header("ETag"));
        Assert.Equal(Now, answer.Header("Last-Modified"));
        Assert.Equal("*", answer.Header("Access-Control-Allow-Origin"));
        var missed = await _server.PublishAsync("open-a", "2");
        var next = await _server.AskAsync("/longpoll/open-a", ("If-None-Match", answer.Header("ETag")!), ("If-Modified-Since", answer.Header("Last-Modified")!));
        Assert.Equal([missed.Id], PushStreamServer.Ids(next.Expect(200).Body));
    }

    [Fact]
    public async Task A_short_poll_without_a_cursor_gets_a_place_to_start()
    {
        var start = (await _server.AskAsync("/shortpoll/open-a")).Expect(304, "");
        var missed = await _server.PublishAsync("open-a", "1");
        var next = await _server.AskAsync("/shortpoll/open-a", ("If-None-Match", start.Header("ETag")!), ("If-Modified-Since", start.Header("Last-Modified")!));
        Assert.Equal([missed.Id], PushStreamServer.Ids(next.Expect(200).Body));
    }

    [Fact]
    public async Task A_short_poll_with_nothing_new_repeats_its_cursor()
    {
        var both = (await _server.AskAsync("/shortpoll/open-a?time=Sat, 14 Nov 2099 15:51:54 GMT&tag=W/21")).Expect(304, "");
        Assert.Equal(("W/21", "Sat, 14 Nov 2099 15:51:54 GMT", "0"), (both.Header("ETag"), both.Header("Last-Modified"), both.Header("Content-Length")));
        var timeOnly = (await _server.AskAsync("/shortpoll/open-a?time=Sat, 14 Nov 2099 15:51:54 GMT&tag=x")).Expect(304, "");
        Assert.Equal((null, "Sat, 14 Nov 2099 15:51:54 GMT"), (timeOnly.Header("ETag"), timeOnly.Header("Last-Modified")));
    }

    [Fact]
    public async Task Many_messages_of_one_second_come_once_and_in_order()
    {
        var start = await _server.PublishAsync("open-a", "0");
        var ids = new List<long>();
        for (var i = 1; i <= 300; i++)
        {
            ids.Add((await _server.PublishAsync(i % 3 == 0 ? "open-a" : "open-b", $"{i}")).Id);
        }

        var read = new List<long>();
        var (tag, time) = (start.Id.ToString(), Now);
        while (read.Count < ids.Count)
        {
            var answer = (await _server.AskAsync($"/longpoll/open-a/open-b?tag={tag}&time={Uri.EscapeDataString(time)}")).Expect(200);
            read.AddRange(PushStreamServer.Ids(answer.Body));
            (tag, time) = (answer.Header("ETag")![2..], answer.Header("Last-Modified")!);
        }

        Assert.Equal(ids, read);
    }

    [Fact]
    public async Task An_answer_is_bounded_and_goes_on_from_its_last_message()
    {
        await using var server = await PushStreamServer.StartAsync(options =>
        {
            options.MaxAnswerMessages = 3;
            options.MaxAnswerBytes = 10;
        });
        foreach (var payload in new[] { "1", "2", "3", "4", "\"123456\"", "\"12\"", "\"123456789012345\"" })
        {
            await server.PublishAsync("open-a", payload);
        }

        var sizes = new List<int>();
        var (tag, time) = ("0", Now);
        while (sizes.Sum() < 7)
        {
            var answer = (await server.AskAsync($"/shortpoll/open-a?tag={tag}&time={Uri.EscapeDataString(time)}")).Expect(200);
            sizes.Add(PushStreamServer.Ids(answer.Body).Length);
            (tag, time) = (answer.Header("ETag")![2..], answer.Header("Last-Modified")!);
        }

        Assert.Equal([3, 2, 1, 1], sizes);
    }

    [Fact]
    public async Task One_message_wakes_200_pollers()
    {
        var channels = string.Join('/', Enumerable.Range(0, 50).Select(i => $"open-{i}"));
        var polls = new List<Task<Answer>>();
        for (var i = 0; i < 200; i++)
        {
            polls.Add(_server.AskAsync($"/longpoll/{channels}"));
        }

        await ChannelsTestHost.EventuallyAsync(() => _server.Parked.Value == 200);
        var message = await _server.PublishAsync("open-37", "1");
        foreach (var answer in await Task.WhenAll(polls).Within(TimeSpan.FromSeconds(30)))
        {
            Assert.Equal([message.Id], PushStreamServer.Ids(answer.Expect(200).Body));
        }

        Assert.Equal(0, _server.Parked.Value);
    }

    [Fact]
    public async Task A_client_that_leaves_consumes_nothing()
    {
        var start = (await _server.AskAsync("/shortpoll/open-a")).Expect(304);
        using var leaving = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/longpoll/open-a?auth_token={PushStreamServer.Alice}");
        var poll = _server.Http.SendAsync(request, leaving.Token);
        await ChannelsTestHost.EventuallyAsync(() => _server.Parked.Value == 1);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll.Within());
        await ChannelsTestHost.EventuallyAsync(() => _server.Parked.Value == 0);

        var message = await _server.PublishAsync("open-a", "1");
        var next = await _server.AskAsync($"/longpoll/open-a?tag={start.Header("ETag")}&time={start.Header("Last-Modified")}");
        Assert.Equal([message.Id], PushStreamServer.Ids(next.Expect(200).Body));
    }

    [Fact]
    public async Task A_deleted_channel_ends_a_poll_with_a_notice_that_keeps_the_position()
    {
        await _server.CreateAsync("stored", ChannelPermission.Subscribe);
        var before = await _server.PublishAsync("stored", "1");
        var poll = await _server.ParkAsync("/longpoll/open-a/stored");
        await _server.Channels.Catalog.DeleteAsync("stored").Within();
        var answer = (await poll).Expect(200, $$"""{"id":-2,"channel":"stored","message":"Channel deleted","tag":"{{before.Id}}","time":"{{Now}}"}""");
        Assert.Equal($"W/{before.Id}", answer.Header("ETag"));
    }

    [Fact]
    public async Task A_withdrawn_channel_ends_a_poll_as_if_its_time_were_over_and_the_next_one_is_told()
    {
        await _server.CreateAsync("stored", ChannelPermission.Subscribe);
        var poll = await _server.ParkAsync("/longpoll/stored");
        await _server.Channels.Catalog.UpdateAsync("stored", channel => channel with { OtherPermission = ChannelPermission.None }).Within();
        Assert.NotNull((await poll).Expect(304).Header("ETag"));
        (await _server.AskAsync("/longpoll/stored")).Expect(403);
    }

    [Fact]
    public async Task A_stopping_host_ends_polls_as_if_their_time_were_over_and_asks_others_to_come_back()
    {
        await _server.PublishAsync("open-a", "1");
        var poll = await _server.ParkAsync("/longpoll/open-a");
        await _server.DrainAsync().Within();
        Assert.Equal(Now, (await poll).Expect(304).Header("Last-Modified"));
        var later = (await _server.AskAsync($"/longpoll/open-a?time={Now}&tag=7")).Expect(503);
        Assert.Equal(("20", "W/7", Now), (later.Header("Retry-After"), later.Header("ETag"), later.Header("Last-Modified")));
    }

    [Fact]
    public async Task Scripts_get_an_array_handed_to_their_function()
    {
        var first = await _server.PublishAsync("open-a", "1");
        await _server.PublishAsync("open-a", "\"\u2028\"");
        var answer = (await _server.AskAsync($"/shortpoll/open-a?tag=0&time={Now}&callback=PushStreamManager[0].wrapper.onmessage")).Expect(200);
        Assert.StartsWith($"/**/PushStreamManager[0].wrapper.onmessage([{{\"id\":{first.Id},", answer.Body, StringComparison.Ordinal);
        Assert.EndsWith("]);", answer.Body, StringComparison.Ordinal);
        Assert.Contains("\"message\":\"\\u2028\"", answer.Body, StringComparison.Ordinal);
        Assert.Equal(("application/javascript", "nosniff"), (answer.Header("Content-Type"), answer.Header("X-Content-Type-Options")));
        var nothing = (await _server.AskAsync("/shortpoll/open-a?callback=f")).Expect(304, "");
        Assert.Equal("application/javascript", nothing.Header("Content-Type"));
    }

    [Theory]
    [InlineData("alert(1)//")]
    [InlineData("a b")]
    [InlineData("1a")]
    public async Task A_callback_is_the_name_of_a_function(string name) =>
        Assert.Equal(
            "Callback is not the name of a function.",
            (await _server.AskAsync($"/longpoll/open-a?callback={Uri.EscapeDataString(name)}")).Expect(400).Header("X-Nginx-PushStream-Explain"));

    [Fact]
    public async Task Scripts_are_served_only_where_that_is_wanted()
    {
        await using var server = await PushStreamServer.StartAsync();
        (await server.AskAsync("/longpoll/open-a?callback=f")).Expect(400);
        (await server.AskAsync("/shortpoll/open-a?callback=")).Expect(304);
    }

    [Fact]
    public async Task Bodies_can_be_cut_at_lines_and_between_objects()
    {
        await _server.PublishAsync("open-a", "{\"a\":\"}{\",\r\n\"b\":[{\"c\":\"x}{y\"}]\n}");
        await _server.PublishAsync("open-a", "{}");
        var body = (await _server.AskAsync($"/shortpoll/open-a?tag=0&time={Now}")).Expect(200).Body;
        Assert.DoesNotContain("}{", body, StringComparison.Ordinal);
        Assert.Equal(2, body.Split("\r\n").Length);
        Assert.Equal(2, body.Split('\n').Length);
        var message = JsonDocument.Parse(body.Split('\n')[0]).RootElement.GetProperty("message");
        Assert.Equal("}{", message.GetProperty("a").GetString());
        Assert.Equal("x}{y", message.GetProperty("b")[0].GetProperty("c").GetString());
    }
}
