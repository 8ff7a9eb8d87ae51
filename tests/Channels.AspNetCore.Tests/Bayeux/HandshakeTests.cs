namespace Channels.AspNetCore.Tests.Bayeux;

/// <summary>Source: docs/protocols/bayeux.md#handshake</summary>
public sealed class HandshakeTests
{
    [Fact]
    public async Task A_handshake_answers_with_a_session_the_transports_and_the_whole_advice()
    {
        await using var server = await BayeuxServer.StartAsync();

        var answer = (await server.SendAsync(
            """[{"id":"1","channel":"/meta/handshake","version":"1.0","minimumVersion":"1.0","supportedConnectionTypes":["websocket"],"advice":{"timeout":60000,"interval":0}}]""",
            "/handshake")).Expect(200);

        var id = answer.Json[0].GetProperty("clientId").GetString()!;
        Assert.Equal(
            $$$"""[{"id":"1","channel":"/meta/handshake","version":"1.0","minimumVersion":"1.0","supportedConnectionTypes":["websocket","long-polling"],"clientId":"{{{id}}}","successful":true,"advice":{"reconnect":"retry","interval":0,"timeout":30000}}]""",
            answer.Body);
        Assert.Equal(40, id.Length);
        Assert.All(id, character => Assert.True(char.IsAsciiLetterOrDigit(character)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/handshake")]
    [InlineData("/connect")]
    [InlineData("/anything")]
    public async Task Every_spelling_of_the_path_serves_every_message(string suffix)
    {
        await using var server = await BayeuxServer.StartAsync();

        Replies.Succeeded(Assert.Single((await server.SendAsync(BayeuxServer.Handshake(), suffix)).Expect(200).Json.EnumerateArray()));
    }

    [Fact]
    public async Task A_single_object_is_accepted_and_answered_by_an_array()
    {
        await using var server = await BayeuxServer.StartAsync();

        Replies.Succeeded(Assert.Single(await server.ExchangeAsync(BayeuxServer.Handshake()[1..^1])));
    }

    [Theory]
    [InlineData("", "400::connection_types_missing")]
    [InlineData(",\"supportedConnectionTypes\":\"websocket\"", "400::connection_types_missing")]
    [InlineData(",\"supportedConnectionTypes\":[]", "400::connection_types_unsupported")]
    [InlineData(",\"supportedConnectionTypes\":[\"iframe\",7,{\"a\":[\"websocket\"]}]", "400::connection_types_unsupported")]
    [InlineData(",\"supportedConnectionTypes\":[\"callback-polling\"]", "400::connection_types_unsupported")]
    public async Task Without_a_transport_in_common_nothing_is_opened(string fields, string error)
    {
        await using var server = await BayeuxServer.StartAsync();

        var answer = (await server.SendAsync($$"""[{"id":1,"channel":"/meta/handshake"{{fields}}}]""")).Expect(200);

        var reply = Replies.Failed(Assert.Single(answer.Json.EnumerateArray()), error);
        Assert.Equal("""{"reconnect":"none"}""", reply.GetProperty("advice").GetRawText());
        Assert.Equal(1, reply.GetProperty("id").GetInt32());
        Assert.False(reply.TryGetProperty("clientId", out _));
        Assert.Null(answer.Header("Set-Cookie"));
        Assert.Equal(0, server.Sessions.Active);
    }

    [Fact]
    public async Task A_handshake_that_is_not_alone_is_refused_with_everything_else()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();

        (await server.SendAsync($"[{BayeuxServer.Handshake()[1..^1]},{client.Message("/x", "\"data\":1")}]")).Expect(400, "");

        Assert.Equal(1, server.Sessions.Active);
    }

    [Fact]
    public async Task One_session_more_than_permitted_is_refused()
    {
        await using var server = await BayeuxServer.StartAsync(options => options.MaxSessions = 2);
        var first = await server.OpenAsync();
        await server.OpenAsync();

        var reply = Replies.Failed(Assert.Single(await server.ExchangeAsync(BayeuxServer.Handshake())), "503::server_busy");
        Assert.Equal("retry", Replies.Reconnect(reply));

        Replies.Succeeded(await first.SendAsync("/meta/disconnect"));
        await server.UntilAsync(() => server.Sessions.Active == 1);
        await server.OpenAsync();
    }
}
