using System.Text.Json;

namespace Channels.AspNetCore.Tests.Bayeux;

/// <summary>The acknowledgement and time extensions. Source: docs/protocols/bayeux.md#acknowledgement, #timesync</summary>
public sealed class AcknowledgementTests
{
    [Fact]
    public async Task Every_connect_reply_closes_a_batch_and_what_is_not_acknowledged_comes_again_before_newer_events()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.OpenAsync(ack: true);
        Assert.Equal(1, BatchOf(await client.ConnectNowAsync("\"ext\":{\"ack\":0}")));
        await client.SubscribeAsync("/x");
        await server.PublishAsync("x", "1");
        var first = (await client.HoldAsync("\"ext\":{\"ack\":1}")).Json.EnumerateArray().ToArray();
        Assert.Equal("1: 2", $"{Assert.Single(Replies.Data(first))}: {BatchOf(first)}");

        // The reply was lost on its way: the client connects with the old number.
        var again = await client.ConnectNowAsync("\"ext\":{\"ack\":1}");
        Assert.Equal("1: 3", $"{Assert.Single(Replies.Data(again))}: {BatchOf(again)}");
        await server.PublishAsync("x", "2");
        string[] data;
        long batch;
        do
        {
            var more = await client.ConnectNowAsync("\"ext\":{\"ack\":1}");
            (data, batch) = (Replies.Data(more), BatchOf(more));
        }
        while (data.Length == 1);

        Assert.Equal(["1", "2"], data);
        var empty = await client.ConnectNowAsync($"\"ext\":{{\"ack\":{batch}}}");
        Assert.Empty(Replies.Data(empty));
        Assert.Equal(batch + 1, BatchOf(empty));
    }

    [Fact]
    public async Task A_number_that_was_never_given_acknowledges_nothing()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.OpenAsync(ack: true);
        await client.ConnectNowAsync("\"ext\":{\"ack\":0}");
        await client.SubscribeAsync("/x");
        await server.PublishAsync("x", "1");
        Assert.Equal(["1"], Replies.Data((await client.HoldAsync("\"ext\":{\"ack\":1}")).Json.EnumerateArray()));

        foreach (var ack in new[] { "999", "-1", "\"2\"", "null", "{}", "1e30" })
        {
            Assert.Equal(["1"], Replies.Data(await client.ConnectNowAsync($"\"ext\":{{\"ack\":{ack}}}")));
        }
    }

    [Fact]
    public async Task Other_replies_carry_no_events_and_no_number()
    {
        await using var server = await BayeuxServer.StartAsync(options => options.DeliversWithAnyReply = true);
        var client = await server.OpenAsync(ack: true);
        await client.ConnectNowAsync("\"ext\":{\"ack\":0}");
        await client.SubscribeAsync("/x");
        await server.PublishAsync("x", "1");

        var reply = await client.PublishAsync("/y", "0");

        Assert.False(reply.TryGetProperty("ext", out _));
        Assert.Equal(["1"], await client.ReceiveAsync(1));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("{\"enabled\":true,\"batch\":0}", true)]
    [InlineData("false", false)]
    [InlineData("1", false)]
    public async Task The_extension_is_answered_as_it_is_asked_for(string ack, bool isOn)
    {
        await using var server = await BayeuxServer.StartAsync();

        var reply = Assert.Single(await server.ExchangeAsync(
            $$"""[{"channel":"/meta/handshake","supportedConnectionTypes":["long-polling"],"ext":{ "ack":{{ack}} } }]"""));

        Assert.Equal(isOn, reply.TryGetProperty("ext", out var ext) && ext.GetRawText() == """{"ack":true}""");
    }

    [Fact]
    public async Task The_clock_is_told_with_the_time_that_the_answer_took()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();
        var asked = server.Time.GetUtcNow().ToUnixTimeMilliseconds();

        var held = await client.ParkAsync("\"ext\":{\"timesync\":{\"tc\":1000,\"l\":0,\"o\":5}}");
        await server.AdvanceUntilAsync(() => held.IsCompleted, TimeSpan.FromSeconds(1));
        var sync = (await held).Json[0].GetProperty("ext").GetProperty("timesync");

        Assert.Equal(1000, sync.GetProperty("tc").GetInt64());
        Assert.Equal(asked, sync.GetProperty("ts").GetInt64());
        Assert.True(sync.GetProperty("p").GetInt64() >= 30_000);
        Assert.Equal(1005 - asked, sync.GetProperty("a").GetInt64());
    }

    [Theory]
    [InlineData("{\"tc\":1}", "{\"tc\":1,\"ts\":T,\"p\":0}")]
    [InlineData("{\"tc\":T,\"l\":20,\"o\":4}", null)]
    [InlineData("{\"tc\":T,\"l\":20,\"o\":5}", "{\"tc\":T,\"ts\":T,\"p\":0,\"a\":25}")]
    [InlineData("{\"tc\":T,\"l\":0,\"o\":0}", "{\"tc\":T,\"ts\":T,\"p\":0,\"a\":0}")]
    [InlineData("{\"tc\":T,\"l\":-9223372036854775808}", "{\"tc\":T,\"ts\":T,\"p\":0,\"a\":-9223372036854775808}")]
    [InlineData("{\"tc\":\"1\"}", null)]
    [InlineData("[]", null)]
    public async Task An_exact_client_and_a_malformed_question_get_no_answer(string question, string? answer)
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();
        var now = $"{server.Time.GetUtcNow().ToUnixTimeMilliseconds()}";

        var reply = await client.SendAsync(
            "/meta/subscribe", $"\"subscription\":\"/x\",\"ext\":{{\"timesync\":{question.Replace("T", now, StringComparison.Ordinal)}}}");

        Assert.Equal(
            answer?.Replace("T", now, StringComparison.Ordinal),
            reply.TryGetProperty("ext", out var ext) ? ext.GetProperty("timesync").GetRawText() : null);
    }

    private static long BatchOf(IReadOnlyList<JsonElement> messages) => messages[^1].GetProperty("ext").GetProperty("ack").GetInt64();
}
