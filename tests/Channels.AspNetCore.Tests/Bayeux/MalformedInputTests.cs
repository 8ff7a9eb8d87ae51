using System.Text;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Bayeux;

/// <summary>Bad input gets the protocol's own error and disturbs nobody. Source: docs/protocols/bayeux.md#long-polling, #errors</summary>
public sealed class MalformedInputTests
{
    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[")]
    [InlineData("[]")]
    [InlineData("[] []")]
    [InlineData("[{}]x")]
    [InlineData("1")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("[{\"channel\":\"/x\"")]
    public async Task What_is_no_array_of_messages_is_refused_as_a_whole(string body)
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();

        (await server.SendAsync(body)).Expect(400, "");
        (await server.SendAsync("POST", BayeuxServer.Url, content: TestServer.Body([0x5B, 0xFF, 0x5D], "application/json"))).Expect(400, "");
        (await server.SendAsync(new string('[', 65) + new string(']', 65))).Expect(400, "");

        Assert.True(await client.IsKnownAsync());
    }

    [Fact]
    public async Task Elements_that_are_no_messages_fail_by_themselves()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();

        var replies = await server.ExchangeAsync(
            $$"""[1,null,[],{"id":"2"},{"id":"3","clientId":"{{client.Id}}"},{"id":"4","clientId":"{{client.Id}}","channel":7},{{client.Message("/x", "\"data\":1")}}]""");

        Assert.Equal(
            ["400::channel_missing", "400::channel_missing", "400::channel_missing", "402::session_unknown", "400::channel_missing", "400::channel_missing"],
            replies.SkipLast(1).Select(reply => reply.GetProperty("error").GetString()));
        Replies.Succeeded(replies[^1]);
    }

    [Theory]
    [InlineData("foo")]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("/a//b")]
    [InlineData("/a/**/b")]
    [InlineData("/a/*/b")]
    [InlineData("/a*")]
    [InlineData("/a/***")]
    [InlineData("/x?y")]
    [InlineData("/é")]
    [InlineData("/a%2Fb")]
    public async Task Invalid_channels_are_refused_for_publishing_and_subscribing(string channel)
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();

        Replies.Failed(await client.PublishAsync(channel, "1"), "405::channel_invalid");
        var subscribed = Replies.Failed(await client.SendAsync("/meta/subscribe", $"\"subscription\":\"{channel}\""), "403::subscription_invalid");
        Assert.Equal(channel, subscribed.GetProperty("subscription").GetString());
        Assert.True(await client.IsKnownAsync());
    }

    [Theory]
    [InlineData("/a/*", "405::channel_invalid")]
    [InlineData("/a/**", "405::channel_invalid")]
    [InlineData("/**", "405::channel_invalid")]
    [InlineData("/meta/unknown", "404::channel_unknown")]
    [InlineData("/meta/*", "404::channel_unknown")]
    public async Task Patterns_and_unknown_meta_channels_take_no_messages(string channel, string error)
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();

        Replies.Failed(await client.PublishAsync(channel, "1"), error);
    }

    [Theory]
    [InlineData("\"id\":\"a b\"")]
    [InlineData("\"id\":\"\"")]
    [InlineData("\"id\":{}")]
    [InlineData("\"id\":true")]
    public async Task A_message_id_is_letters_and_digits_or_a_number(string id)
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();

        var replies = await server.ExchangeAsync($$"""[{ {{id}},"channel":"/x","clientId":"{{client.Id}}","data":1}]""");

        Replies.Failed(Assert.Single(replies), "405::message_id_invalid");
    }

    [Fact]
    public async Task Ids_come_back_as_they_were_and_none_where_there_was_none()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();

        var answer = await server.SendAsync($$"""[{"id":12.50,"channel":"/x","clientId":"{{client.Id}}","data":1},{"channel":"/x","clientId":"{{client.Id}}","data":1}]""");

        answer.Expect(200, """[{"id":12.50,"channel":"/x","successful":true},{"channel":"/x","successful":true}]""");
    }

    [Theory]
    [InlineData("", "403::subscription_missing")]
    [InlineData("\"subscription\":null", "403::subscription_missing")]
    [InlineData("\"subscription\":[]", "403::subscription_missing")]
    [InlineData("\"subscription\":7", "403::subscription_invalid")]
    [InlineData("\"subscription\":{}", "403::subscription_invalid")]
    [InlineData("\"subscription\":[\"/a\",7]", "403::subscription_invalid")]
    [InlineData("\"subscription\":\"\\ud800\"", "403::subscription_invalid")]
    [InlineData("\"subscription\":\"/meta/connect\"", "403:denied_by_security_policy:subscribe_denied")]
    public async Task Subscriptions_are_texts_or_lists_of_texts(string fields, string error)
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();

        Replies.Failed(await client.SendAsync("/meta/subscribe", fields), error);
        Assert.True(await client.IsKnownAsync());
    }

    [Fact]
    public async Task Unknown_sessions_are_told_so_and_hear_their_subscription_again()
    {
        await using var server = await BayeuxServer.StartAsync();

        (await server.SendAsync("""[{"id":"9","channel":"/meta/connect","connectionType":"websocket","clientId":"gone"}]""")).Expect(
            200, """[{"id":"9","channel":"/meta/connect","successful":false,"error":"402::session_unknown","advice":{"reconnect":"handshake","interval":0}}]""");
        (await server.SendAsync("""[{"id":"10","channel":"/meta/subscribe","clientId":"gone","subscription":"/x"}]""")).Expect(
            200, """[{"id":"10","channel":"/meta/subscribe","subscription":"/x","successful":false,"error":"402::session_unknown"}]""");
        (await server.SendAsync("""[{"channel":"/x","data":1}]""")).Expect(
            200, """[{"channel":"/x","successful":false,"error":"402::session_unknown"}]""");
        (await server.SendAsync("""[{"channel":"/x","clientId":{"a":1},"data":1}]""")).Expect(
            200, """[{"channel":"/x","successful":false,"error":"402::session_unknown"}]""");
    }

    [Fact]
    public async Task Data_has_to_be_there_valid_and_not_too_large()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();

        Replies.Failed(await client.SendAsync("/x"), "400::data_missing");
        Replies.Failed(await client.PublishAsync("/x", "\"\\ud800\""), "400::data_invalid");
        Replies.Failed(await client.PublishAsync("/x", new string('[', 49) + new string(']', 49)), "400::data_invalid");
        Replies.Failed(await client.PublishAsync("/x", $"\"{new string('x', 64 * 1024)}\""), "413::data_too_large");
        Replies.Succeeded(await client.PublishAsync("/x", "null"));
    }

    [Fact]
    public async Task One_byte_and_one_message_more_than_permitted_are_refused()
    {
        await using var server = await BayeuxServer.StartAsync(options =>
        {
            options.MaxRequestBytes = 1024;
            options.MaxBatchMessages = 3;
        });
        var client = await server.ConnectAsync();
        var request = $"[{client.Message("/x", "\"data\":1")}]";

        (await server.SendAsync(request.PadRight(1024))).Expect(200);
        (await server.SendAsync(request.PadRight(1025))).Expect(413, "");
        Assert.Equal(3, (await server.ExchangeAsync($"[{string.Join(',', Enumerable.Repeat("{}", 3))}]")).Length);
        (await server.SendAsync($"[{string.Join(',', Enumerable.Repeat("{}", 4))}]")).Expect(400, "");
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("GET")]
    public async Task Other_methods_are_refused(string method)
    {
        await using var server = await BayeuxServer.StartAsync();

        (await server.SendAsync(method, BayeuxServer.Url, key: null)).Expect(400, "");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/json")]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task Every_type_of_JSON_is_read(string? type)
    {
        await using var server = await BayeuxServer.StartAsync();

        var answer = await server.SendAsync("POST", BayeuxServer.Url, key: null, content: TestServer.Body(Encoding.UTF8.GetBytes(BayeuxServer.Handshake()), type));

        Replies.Succeeded(answer.Expect(200).Json[0]);
    }

    [Fact]
    public async Task A_form_may_carry_the_messages()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();
        using var form = new FormUrlEncodedContent(
        [
            new("message", $"[{client.Message("/x", "\"data\":1")}]"),
            new("other", "ignored"),
            new("message", client.Message("/y", "\"data\":2")),
        ]);

        var answer = (await server.SendAsync("POST", BayeuxServer.Url, key: null, content: form)).Expect(200);

        Assert.Equal(["/x", "/y"], answer.Json.EnumerateArray().Select(reply => Replies.Succeeded(reply).GetProperty("channel").GetString()));
        (await server.SendAsync("POST", BayeuxServer.Url, key: null, content: TestServer.Body("message=%FF", "application/x-www-form-urlencoded"))).Expect(400, "");
    }
}
