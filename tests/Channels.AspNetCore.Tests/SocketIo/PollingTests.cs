using System.Text.Json;
using Channels.AspNetCore.Tests.Support;
using Channels.Testing;

namespace Channels.AspNetCore.Tests.SocketIo;

/// <summary>Sessions over requests, with an echo.</summary>
public sealed class PollingTests(SocketIoServer server) : IClassFixture<SocketIoServer>
{
    private const string Echo = "/engine.io";

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_handshake_tells_exactly_five_things(int revision)
    {
        var client = await PollingClient.OpenAsync(server, Echo, revision);

        Assert.Equal(["sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload"], client.Handshake.EnumerateObject().Select(p => p.Name));
        Assert.Matches("^[A-Za-z0-9_-]{20,}$", client.Sid);
        Assert.Equal("""["websocket"]""", client.Handshake.GetProperty("upgrades").GetRawText());
        Assert.Equal(25000, client.Handshake.GetProperty("pingInterval").GetInt32());
        Assert.Equal(20000, client.Handshake.GetProperty("pingTimeout").GetInt32());
        Assert.Equal(1_000_000, client.Handshake.GetProperty("maxPayload").GetInt32());
        Assert.Empty(client.First);
    }

    [Theory]
    [InlineData(3, "6:4hello", "6:4hello")]
    [InlineData(3, "2:4a3:4bc2:4d", "2:4a3:4bc2:4d")]
    [InlineData(3, "6:4hello10:b4AQIDBA==", "6:4hello10:b4AQIDBA==")]
    [InlineData(3, "3:4€a", "3:4€a")]
    [InlineData(4, "4hello", "4hello")]
    [InlineData(4, "4a\u001e4bc\u001e4d", "4a\u001e4bc\u001e4d")]
    [InlineData(4, "4hello\u001ebAQIDBA==", "4hello\u001ebAQIDBA==")]
    public async Task Messages_come_back_in_order(int revision, string sent, string received)
    {
        var client = await PollingClient.OpenAsync(server, Echo, revision, revision == 3 ? "&b64=1" : "");

        var ok = (await client.PostAsync(sent)).Expect(200, "ok");
        Assert.Equal("text/html", ok.Header("Content-Type"));
        var answer = (await client.PollAsync()).Expect(200, received);

        Assert.Equal("text/plain; charset=UTF-8", answer.Header("Content-Type"));
    }

    [Fact]
    public async Task Clients_of_revision_3_that_take_binary_get_it_when_there_is_some()
    {
        var client = await PollingClient.OpenAsync(server, Echo, 3);
        (await client.PostAsync(Convert.FromHexString("0006FF3468656C6C6F0105FF0401020304"))).Expect(200, "ok");

        using var response = await server.Http.GetAsync(client.Query).Within();

        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("0006FF3468656C6C6F0105FF0401020304", Convert.ToHexString(await response.Content.ReadAsByteArrayAsync().Within()));
        await client.SendAsync("4text again");
        (await client.PollAsync()).Expect(200, "11:4text again");
    }

    [Fact]
    public async Task Scripts_carry_payloads_in_both_directions()
    {
        var client = await PollingClient.OpenAsync(server, Echo, 3, "&b64=1");
        var form = TestServer.Body($"d={Uri.EscapeDataString("13:4a\\nb\\\\nc\u2028€")}", "application/x-www-form-urlencoded");
        var malformed = await server.SendAsync("POST", client.Query + "&j=0", key: null, content: form);
        malformed.Expect(400);

        client = await PollingClient.OpenAsync(server, Echo, 3, "&b64=1");
        form = TestServer.Body($"d={Uri.EscapeDataString("9:4a\\nb\\\\nc\u2028€")}", "application/x-www-form-urlencoded");
        (await server.SendAsync("POST", client.Query + "&j=0", key: null, content: form)).Expect(200, "ok");
        var answer = (await client.PollAsync("&j=7x&b64=1")).Expect(200);

        Assert.StartsWith("/**/___eio[7](\"", answer.Body, StringComparison.Ordinal);
        Assert.EndsWith("\");", answer.Body, StringComparison.Ordinal);
        Assert.Equal("9:4a\nb\\nc\u2028€", JsonSerializer.Deserialize<string>(answer.Body["/**/___eio[7](".Length..^2]));
        Assert.DoesNotContain("\u2028", answer.Body, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
    }

    [Theory]
    [InlineData(3, "")]
    [InlineData(3, "abc")]
    [InlineData(3, "5:4a")]
    [InlineData(3, "1:8")]
    [InlineData(3, "1:3")]
    [InlineData(4, "abc")]
    [InlineData(4, "")]
    [InlineData(4, "4a\u001e")]
    [InlineData(4, "b?")]
    public async Task What_cannot_be_read_ends_the_session(int revision, string body)
    {
        var client = await PollingClient.OpenAsync(server, Echo, revision);
        var other = await PollingClient.OpenAsync(server, Echo, revision);

        var answer = await client.PostAsync(body);

        Assert.Equal(revision == 3 && body == "1:3" ? 200 : 400, answer.Status);
        (await client.PollAsync()).Expect(400, """{"code":1,"message":"Session ID unknown"}""");
        await other.SendAsync("4untouched");
        Assert.Equal(["4untouched"], await other.ReadAsync());
    }

    [Fact]
    public async Task Bytes_are_no_payload_of_revision_4_and_text_must_be_utf8()
    {
        var client = await PollingClient.OpenAsync(server, Echo, 4);
        (await client.PostAsync([0x34, 0x61])).Expect(400);
        (await client.PollAsync()).Expect(400);

        client = await PollingClient.OpenAsync(server, Echo, 4);
        (await server.SendAsync("POST", client.Query, key: null, content: TestServer.Body([0x34, 0xFF], "text/plain"))).Expect(400);
        (await client.PollAsync()).Expect(400);
    }

    [Fact]
    public async Task A_ping_by_the_server_s_side_only_ends_the_session()
    {
        var client = await PollingClient.OpenAsync(server, Echo, 4);
        (await client.PostAsync("2")).Expect(200, "ok");
        (await client.PollAsync()).Expect(400);
    }

    [Theory]
    [InlineData(3, 500, "1:1")]
    [InlineData(4, 400, "1")]
    public async Task A_second_poll_ends_both(int revision, int status, string last)
    {
        var client = await PollingClient.OpenAsync(server, Echo, revision);
        var first = client.PollAsync();
        var second = client.PollAsync();

        var answers = new[] { await first.Within(), await second.Within() };

        Assert.Equal([200, status], answers.Select(answer => answer.Status).Order());
        Assert.Equal(last, answers.Single(answer => answer.Status == 200).Body);
        Assert.Equal("", answers.Single(answer => answer.Status != 200).Body);
        (await client.PollAsync()).Expect(400);
    }

    [Theory]
    [InlineData(3, 500)]
    [InlineData(4, 400)]
    public async Task A_second_post_at_the_same_time_ends_the_session(int revision, int status)
    {
        var client = await PollingClient.OpenAsync(server, Echo, revision);
        var held = new HeldContent();
        var first = server.Http.PostAsync(client.Query, held);
        await held.Started.Within();
        var sessionIsPosting = false;
        Answer? second = null;

        // Until the first has arrived, a second one is the only one.
        for (var tries = 0; !sessionIsPosting && tries < 200; tries++)
        {
            second = await client.PostAsync(revision == 3 ? "1:6" : "6");
            sessionIsPosting = second.Status == status;
        }

        Assert.Equal(status, second!.Status);
        held.Release();
        using var answer = await first.Within();
        (await client.PollAsync()).Expect(400);
    }

    [Theory]
    [InlineData(3, "1:1", "1:6")]
    [InlineData(4, "1", "6")]
    public async Task A_client_that_closes_has_its_poll_answered(int revision, string close, string noop)
    {
        var client = await PollingClient.OpenAsync(server, Echo, revision);
        var poll = client.PollAsync();
        await ChannelsTestHost.EventuallyAsync(() => server.Connections.Count > 0);
        Answer answer;
        (await client.PostAsync(close)).Expect(200, "ok");
        answer = await poll.Within();

        if (answer.Status == 200)
        {
            Assert.Equal(noop, answer.Body);
        }

        (await client.PollAsync()).Expect(400);
        (await client.PostAsync(close)).Expect(400, """{"code":1,"message":"Session ID unknown"}""");
    }

    [Fact]
    public async Task A_client_that_abandons_its_poll_is_gone()
    {
        var client = await PollingClient.OpenAsync(server, Echo, 4);
        using var leaving = new CancellationTokenSource();
        var poll = server.Http.GetAsync(client.Query, leaving.Token);
        await client.SendAsync("6");
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll.Within());

        for (var tries = 0; (await client.PostAsync("6")).Status == 200; tries++)
        {
            Assert.True(tries < 500, "The session outlived its client.");
        }
    }

    [Fact]
    public async Task Polls_of_two_hundred_clients_wait_at_once()
    {
        var clients = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => PollingClient.OpenAsync(server, Echo, 4)));
        var polls = clients.Select(client => client.ReadAsync()).ToArray();
        await Task.WhenAll(clients.Select((client, index) => client.SendAsync($"4{index}"))).Within(TimeSpan.FromSeconds(30));

        var answers = await Task.WhenAll(polls).Within(TimeSpan.FromSeconds(30));

        Assert.Equal(Enumerable.Range(0, 200).Select(index => $"4{index}"), answers.Select(packets => packets.Single()));
        await Task.WhenAll(clients.Select(client => client.PostAsync("1"))).Within(TimeSpan.FromSeconds(30));
    }

    /// <summary>A body that is finished when told.</summary>
    private sealed class HeldContent : HttpContent
    {
        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Started => _started.Task;

        public void Release() => _released.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await stream.WriteAsync("6"u8.ToArray());
            await stream.FlushAsync();
            _started.SetResult();
            await _released.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
