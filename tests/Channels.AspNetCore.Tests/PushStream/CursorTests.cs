using System.Net;
using System.Text.Json;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.PushStream;

/// <summary>The resume table of the specification, row by row, on every transport, in the query and in headers.</summary>
public sealed class CursorTests : IAsyncLifetime
{
    private const string Second0 = "Thu, 01 Jan 2026 00:00:00 GMT";
    private const string Second1 = "Thu, 01 Jan 2026 00:00:01 GMT";
    private const string Second2 = "Thu, 01 Jan 2026 00:00:02 GMT";
    private const string End = "\"end\"";

    private readonly PushStreamServer _server = new();
    private readonly List<ChannelMessage> _published = [];

    public static TheoryData<string, string?, string?, int[]> Rows { get; } = new()
    {
        { "strictly after the pair", Second1, "#4", [5, 6, 7, 8] },
        { "tag 0 is the whole second", Second1, "0", [3, 4, 5, 6, 7, 8] },
        { "the pair need not belong together: tag before the second", Second1, "#1", [3, 4, 5, 6, 7, 8] },
        { "the last of a second", Second1, "#5", [6, 7, 8] },
        { "tag above all of that second", Second0, "#8", [3, 4, 5, 6, 7, 8] },
        { "without a tag the rest of the second is not sent", Second1, null, [6, 7, 8] },
        { "an empty tag", Second1, "", [6, 7, 8] },
        { "a word for a tag", Second1, "abc", [6, 7, 8] },
        { "a negative tag", Second1, "-2", [6, 7, 8] },
        { "a tag too large for a number", Second1, "99999999999999999999", [6, 7, 8] },
        { "the largest number", Second1, "9223372036854775807", [6, 7, 8] },
        { "as the header spells it", Second1, "W/#4", [5, 6, 7, 8] },
        { "quoted", Second1, "\"#4\"", [5, 6, 7, 8] },
        { "quoted and weak", Second1, "W/\"#4\"", [5, 6, 7, 8] },
        { "only a tag", null, "#4", [] },
        { "an empty time", "", "#4", [] },
        { "null for a time", "null", "0", [] },
        { "neither", null, null, [] },
        { "the future", "Thu, 01 Jan 2099 00:00:00 GMT", "1", [] },
        { "the end of time", "Fri, 31 Dec 9999 23:59:59 GMT", null, [] },
        { "older than what is stored", "Sat, 14 Nov 2015 15:51:54 GMT", "21", [0, 1, 2, 3, 4, 5, 6, 7, 8] },
        { "the beginning of time", "Thu, 01 Jan 1970 00:00:00 GMT", "0", [0, 1, 2, 3, 4, 5, 6, 7, 8] },
        { "RFC 850", "Thursday, 01-Jan-26 00:00:01 GMT", "#4", [5, 6, 7, 8] },
        { "asctime", "Thu Jan  1 00:00:01 2026", "#4", [5, 6, 7, 8] },
        { "another weekday", "Mon, 01 Jan 2026 00:00:01 GMT", "#4", [5, 6, 7, 8] },
        { "without GMT", "Thu, 01 Jan 2026 00:00:01", "#4", [5, 6, 7, 8] },
        { "ISO 8601", "2026-01-01T00:00:01Z", "#4", [] },
        { "epoch seconds", "1767225601", "#4", [] },
        { "zero", "0", "#4", [] },
        { "a day of one digit", "Thu, 1 Jan 2026 00:00:01 GMT", "#4", [] },
        { "a month in lower case", "Thu, 01 jan 2026 00:00:01 GMT", "#4", [] },
        { "a day that does not exist", "Thu, 31 Feb 2026 00:00:01 GMT", "#4", [] },
        { "an hour that does not exist", "Thu, 01 Jan 2026 24:00:01 GMT", "#4", [] },
        { "a later second", Second2, "#7", [8] },
    };

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        for (var i = 0; i < 9; i++)
        {
            _published.Add(await _server.PublishAsync(i % 2 == 0 ? "open-a" : "open-b", $"{i}"));
            _server.Time.Advance(TimeSpan.FromMilliseconds(i % 3 == 2 ? 400 : 300));
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task In_the_query(string row, string? time, string? tag, int[] expected)
    {
        var query = string.Concat(time is null ? "" : $"&time={Uri.EscapeDataString(time)}", tag is null ? "" : $"&Tag={Uri.EscapeDataString(Real(tag))}");
        await ExpectAsync(row, expected, $"?{query}");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task In_headers(string row, string? time, string? tag, int[] expected)
    {
        List<(string, string)> headers = [];
        if (time is not null)
        {
            headers.Add(("If-Modified-Since", time));
        }

        if (tag is not null)
        {
            headers.Add(("If-None-Match", Real(tag)));
        }

        await ExpectAsync(row, expected, "", [.. headers]);
    }

    [Theory]
    [InlineData("?time=Thu,+01+Jan+2026+00:00:01+GMT&tag=0")]
    [InlineData("?TIME=Thu%2c%2001%20Jan%202026%2000%3a00%3a01%20GMT&TAG=0")]
    [InlineData("?&time=Thu%2C%2001%20Jan%202026%2000%3A00%3A01%20GMT&tag=0&time=Thu%2C%2001%20Jan%202026%2000%3A00%3A02%20GMT&tag=9&eventid=&_=1")]
    public Task Spellings_of_the_query(string query) => ExpectAsync(query, [3, 4, 5, 6, 7, 8], query);

    [Fact]
    public async Task Each_argument_wins_over_its_header()
    {
        await ExpectAsync("both", [8], $"?time={Uri.EscapeDataString(Second2)}&tag={_published[7].Id}", ("If-Modified-Since", Second0), ("If-None-Match", "W/0"));
        await ExpectAsync("time only", [6, 7, 8], $"?time={Uri.EscapeDataString(Second2)}", ("If-None-Match", "W/0"));
        await ExpectAsync("empty arguments", [6, 7, 8], "?tag=&time=", ("If-Modified-Since", Second2), ("If-None-Match", "0"));
        await ExpectAsync("unreadable argument", [], "?time=nonsense", ("If-Modified-Since", Second0), ("If-None-Match", "0"));
    }

    [Fact]
    public async Task The_pair_of_any_message_resumes_on_any_transport()
    {
        foreach (var (index, message) in _published.Index())
        {
            var query = $"?time={Uri.EscapeDataString(message.CreatedAt.ToString("R"))}&tag={message.Id}";
            await ExpectAsync(query, [.. Enumerable.Range(index + 1, 8 - index)], query);
        }
    }

    [Fact]
    public async Task An_event_stream_resumes_from_the_id_that_the_browser_remembers_and_not_from_its_address()
    {
        using var first = await _server.FollowAsync($"/eventsource/open-a/open-b?tag=0&time={Uri.EscapeDataString(Second0)}");
        string? id = null;
        for (var i = 0; i < 5; i++)
        {
            id = (await first.ReadEventAsync()).Id;
        }

        Assert.Equal($"1767225601:{_published[4].Id}", id);
        using var second = await _server.FollowAsync($"/eventsource/open-a.b3/open-b?tag=0&time={Uri.EscapeDataString(Second0)}", ("Last-Event-ID", id!));
        Assert.Equal(_published[5].Id, JsonDocument.Parse((await second.ReadEventAsync()).Data).RootElement.GetProperty("id").GetInt64());
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData(":")]
    [InlineData("x:1")]
    [InlineData("-1:1")]
    [InlineData("99999999999999999999:1")]
    [InlineData("9999999999999:1")]
    public async Task An_event_id_that_is_none_of_ours_counts_as_absent(string id)
    {
        using var stream = await _server.FollowAsync($"/eventsource/open-a?tag={_published[6].Id}&time={Uri.EscapeDataString(Second2)}", ("Last-Event-ID", id));
        Assert.Equal(_published[8].Id, JsonDocument.Parse((await stream.ReadEventAsync()).Data).RootElement.GetProperty("id").GetInt64());
    }

    private string Real(string tag)
    {
        var mark = tag.IndexOf('#', StringComparison.Ordinal);
        return mark < 0 ? tag : tag.Replace($"#{tag[mark + 1]}", $"{_published[tag[mark + 1] - '0'].Id}", StringComparison.Ordinal);
    }

    /// <summary>What is not old comes live behind it: a message that ends each reading.</summary>
    private async Task ExpectAsync(string row, int[] expected, string query, params (string Name, string Value)[] headers)
    {
        var ids = expected.Select(i => _published[i].Id).ToArray();
        Assert.Equal(ids, await PollAsync($"/shortpoll/open-a/open-b{query}", headers));
        Assert.Equal(ids, await LongPollAsync($"/longpoll/open-b/open-a{query}", headers));
        Assert.Equal(ids, await SocketAsync($"/websocket/open-b/open-a{query}", headers));
        Assert.Equal(ids, await EventsAsync($"/eventsource/open-a/open-b{query}", headers));
        Assert.NotNull(row);
    }

    private async Task<long[]> PollAsync(string path, (string Name, string Value)[] headers)
    {
        var answer = await _server.AskAsync(path, headers);
        return answer.Status == (int)HttpStatusCode.NotModified ? [] : OldOnes(PushStreamServer.Objects(answer.Expect(200).Body));
    }

    private async Task<long[]> LongPollAsync(string path, (string Name, string Value)[] headers)
    {
        var poll = await _server.ParkAsync(path, headers);
        await _server.PublishAsync("open-a", End);
        return OldOnes(PushStreamServer.Objects((await poll).Expect(200).Body));
    }

    private async Task<long[]> SocketAsync(string path, (string Name, string Value)[] headers)
    {
        using var socket = await _server.OpenAsync(path, headers);
        var end = await _server.PublishAsync("open-b", End);
        return await ReadUntilAsync(end.Id, async () => await socket.ReadJsonAsync());
    }

    private async Task<long[]> EventsAsync(string path, (string Name, string Value)[] headers)
    {
        using var stream = await _server.FollowAsync(path, headers);
        Assert.Equal(200, stream.Status);
        var end = await _server.PublishAsync("open-b", End);
        return await ReadUntilAsync(end.Id, async () => JsonDocument.Parse((await stream.ReadEventAsync()).Data).RootElement);
    }

    private static async Task<long[]> ReadUntilAsync(long end, Func<Task<JsonElement>> read)
    {
        var messages = new List<JsonElement>();
        while (messages.Count == 0 || messages[^1].GetProperty("id").GetInt64() != end)
        {
            messages.Add(await read());
        }

        return OldOnes(messages);
    }

    /// <summary>Ends of earlier readings lie behind everything.</summary>
    private static long[] OldOnes(IEnumerable<JsonElement> messages) =>
        [.. messages.Where(message => message.GetProperty("message").ValueKind == JsonValueKind.Number).Select(message => message.GetProperty("id").GetInt64())];
}
