using System.Text.Json;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Bayeux;

/// <summary>Cross-origin pages, cookies and callback-polling. Source: docs/protocols/bayeux.md#cors, #browser-cookie, #callback-polling</summary>
public sealed class BrowserTests
{
    private const string Origin = "https://page.example";

    [Theory]
    [InlineData(BayeuxServer.Url)]
    [InlineData(BayeuxServer.Url + "/handshake")]
    [InlineData("/v2/channel/publish/x")]
    public async Task A_preflight_is_answered_for_the_page_that_asks(string path)
    {
        await using var server = await BayeuxServer.StartAsync();

        var answer = await server.SendAsync("OPTIONS", path, key: null, headers: [("Origin", Origin), ("Access-Control-Request-Method", "POST")]);

        answer.Expect(204, "");
        Assert.Equal(Origin, answer.Header("Access-Control-Allow-Origin"));
        Assert.Equal("true", answer.Header("Access-Control-Allow-Credentials"));
        Assert.Equal("GET, POST", answer.Header("Access-Control-Allow-Methods"));
        Assert.Contains("authorization, content-type", answer.Header("Access-Control-Allow-Headers"), StringComparison.Ordinal);
        Assert.Equal("Origin", answer.Header("Vary"));
    }

    [Fact]
    public async Task Answers_and_errors_may_be_read_by_the_page()
    {
        await using var server = await BayeuxServer.StartAsync();
        foreach (var body in new[] { BayeuxServer.Handshake(), "[]" })
        {
            var answer = await server.SendAsync("POST", BayeuxServer.Url, key: null, json: body, headers: [("Origin", Origin)]);
            Assert.Equal((Origin, "true"), (answer.Header("Access-Control-Allow-Origin"), answer.Header("Access-Control-Allow-Credentials")));
        }
    }

    [Fact]
    public async Task Origins_may_be_listed_and_all_others_are_shut_out()
    {
        await using var server = await BayeuxServer.StartAsync(options =>
        {
            options.AllowAnyOrigin = false;
            options.AllowedOrigins.Add(Origin);
        });

        Assert.Equal(Origin, (await HandshakeAsync(Origin)).Header("Access-Control-Allow-Origin"));
        Assert.Null((await HandshakeAsync("https://other.example")).Header("Access-Control-Allow-Origin"));
        using var socket = await server.ConnectAsync(BayeuxServer.Url, ("Origin", Origin));
        var refused = await Assert.ThrowsAsync<System.Net.WebSockets.WebSocketException>(
            () => server.ConnectAsync(BayeuxServer.Url, ("Origin", "https://other.example")));
        Assert.Contains("403", refused.Message, StringComparison.Ordinal);

        Task<Answer> HandshakeAsync(string origin) =>
            server.SendAsync("POST", BayeuxServer.Url, key: null, json: BayeuxServer.Handshake(), headers: [("Origin", origin)]);
    }

    [Fact]
    public async Task A_browser_without_a_cookie_gets_one_and_keeps_it()
    {
        await using var server = await BayeuxServer.StartAsync();

        var cookie = (await server.SendAsync(BayeuxServer.Handshake())).Header("Set-Cookie");
        Assert.Matches("^BAYEUX_BROWSER=[0-9a-f]{40}; path=/; httponly$", cookie!);
        var again = await server.SendAsync("POST", BayeuxServer.Url, key: null, json: BayeuxServer.Handshake(), headers: [("Cookie", "BAYEUX_BROWSER=mine")]);
        Assert.Null(again.Header("Set-Cookie"));
    }

    [Fact]
    public async Task The_strict_rule_knows_a_session_by_its_browser_only()
    {
        await using var server = await BayeuxServer.StartAsync(options => options.TrustsClientId = false);
        var answer = await SendAsync(BayeuxServer.Handshake(), "mine");
        var client = new PollingClient(server, answer.Json[0].GetProperty("clientId").GetString()!);
        var publish = $"[{client.Message("/x", "\"data\":1")}]";

        Replies.Succeeded((await SendAsync(publish, "mine")).Json[0]);
        Replies.Failed((await SendAsync(publish, "other")).Json[0], "402::session_unknown");
        Replies.Failed((await server.SendAsync(publish)).Json[0], "402::session_unknown");

        Task<Answer> SendAsync(string json, string browser) =>
            server.SendAsync("POST", BayeuxServer.Url, key: null, json: json, headers: [("Cookie", $"BAYEUX_BROWSER={browser}")]);
    }

    [Fact]
    public async Task A_surplus_session_of_a_browser_is_told_to_poll_slowly()
    {
        await using var server = await BayeuxServer.StartAsync();
        var first = await OpenAsync(server);
        var second = await OpenAsync(server);
        await first.ConnectNowAsync();
        await second.ConnectNowAsync();
        var held = await first.ParkAsync();

        var advice = Assert.Single((await second.HoldAsync().Within()).Json.EnumerateArray()).GetProperty("advice");
        Assert.Equal("""{"reconnect":"retry","interval":2000,"timeout":30000,"multiple-clients":true}""", advice.GetRawText());
        server.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.True(await second.IsKnownAsync());

        Replies.Succeeded(await first.SendAsync("/meta/disconnect"));
        (await held.Within()).Expect(200);
        var now = await second.ParkAsync();
        Assert.False(now.IsCompleted);
    }

    [Fact]
    public async Task Any_number_of_polls_of_a_browser_may_be_permitted()
    {
        await using var server = await BayeuxServer.StartAsync(options => options.MaxSessionsPerBrowser = 0);
        var first = await OpenAsync(server);
        var second = await OpenAsync(server);
        await first.ConnectNowAsync();
        await second.ConnectNowAsync();
        await server.UntilAsync(() => server.Sessions.Attached == 0);

        Task[] held = [first.HoldAsync(), second.HoldAsync()];
        await server.UntilAsync(() => server.Sessions.Attached == 2);

        Assert.DoesNotContain(held, task => task.IsCompleted);
    }

    [Fact]
    public async Task Scripts_call_back_with_the_same_answers()
    {
        await using var server = await BayeuxServer.StartAsync(options => options.AllowJsonp = true);

        var answer = (await ScriptAsync(server, "page.on_1", """[{"id":"1","channel":"/meta/handshake","supportedConnectionTypes":["callback-polling"]}]""")).Expect(200);
        Assert.Equal("text/javascript; charset=UTF-8", answer.Header("Content-Type"));
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        var client = new PollingClient(server, Unwrap(answer)[0].GetProperty("clientId").GetString()!);
        Unwrap(await ScriptAsync(server, "page.on_1", $"[{client.Connect()}]"));
        Replies.Succeeded(Unwrap(await ScriptAsync(server, "page.on_1", $"[{client.Message("/meta/subscribe", "\"subscription\":\"/x\"")}]"))[0]);
        await server.PublishAsync("x", "\"\u2028\"");

        var events = await ScriptAsync(server, "page.on_1", $"[{client.Connect()}]");
        Assert.StartsWith("/**/page.on_1([{\"channel\":\"/x\",\"data\":\"\\u2028\"},", events.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a(b)")]
    [InlineData("<script>")]
    [InlineData("a b")]
    public async Task A_bad_callback_is_refused_and_not_repeated(string? callback)
    {
        await using var server = await BayeuxServer.StartAsync(options => options.AllowJsonp = true);

        (await ScriptAsync(server, callback, BayeuxServer.Handshake())).Expect(400, "");
        (await server.SendAsync("GET", $"{BayeuxServer.Url}?jsonp=cb", key: null)).Expect(400, "");
        (await server.SendAsync("GET", $"{BayeuxServer.Url}?jsonp=cb&message=x", key: null)).Expect(400, "");
    }

    private static async Task<PollingClient> OpenAsync(BayeuxServer server)
    {
        var answer = await server.SendAsync("POST", BayeuxServer.Url, key: null, json: BayeuxServer.Handshake(), headers: [("Cookie", "BAYEUX_BROWSER=mine")]);
        return new(server, answer.Json[0].GetProperty("clientId").GetString()!);
    }

    private static Task<Answer> ScriptAsync(BayeuxServer server, string? callback, string message) => server.SendAsync(
        "GET",
        $"{BayeuxServer.Url}?{(callback is null ? "" : $"jsonp={Uri.EscapeDataString(callback)}&")}message={Uri.EscapeDataString(message)}",
        key: null);

    private static JsonElement[] Unwrap(Answer answer)
    {
        var body = answer.Expect(200).Body;
        Assert.StartsWith("/**/page.on_1(", body, StringComparison.Ordinal);
        Assert.EndsWith(");", body, StringComparison.Ordinal);
        return [.. JsonDocument.Parse(body["/**/page.on_1(".Length..^2]).RootElement.EnumerateArray()];
    }
}
