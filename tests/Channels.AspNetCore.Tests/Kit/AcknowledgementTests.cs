using System.Net.WebSockets;
using System.Text.Json;
using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Kit;

public sealed class AcknowledgementTests
{
    [Fact]
    public async Task What_is_not_acknowledged_comes_again_under_a_new_number()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync("ack=1");
        await server.PublishAsync(1);
        (await server.PollAsync(session)).Expect(200, """{"batch":1,"messages":[1]}""");
        await server.PublishAsync(2);
        await Testing.ChannelsTestHost.EventuallyAsync(() => session.Queued == 2);

        (await server.PollAsync(session)).Expect(200, """{"batch":2,"messages":[1,2]}""");
        (await server.PollAsync(session, "ack=1")).Expect(200, """{"batch":3,"messages":[2]}""");
        (await server.PollAsync(session, "ack=3&window=0")).Expect(200, """{"batch":4,"messages":[]}""");
        Assert.Equal(0, session.Queued);
    }

    [Fact]
    public async Task A_number_that_was_never_given_acknowledges_nothing()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync("ack=1");
        await server.PublishAsync(1);
        (await server.PollAsync(session)).Expect(200, """{"batch":1,"messages":[1]}""");

        (await server.SendAsync("POST", $"/kit/sessions/{session.Id}/ack?batch=2")).Expect(400);
        (await server.SendAsync("POST", $"/kit/sessions/{session.Id}/ack?batch=-1")).Expect(400);
        Assert.Equal(1, session.Queued);
        (await server.SendAsync("POST", $"/kit/sessions/{session.Id}/ack?batch=1")).Expect(200);
        (await server.SendAsync("POST", $"/kit/sessions/{session.Id}/ack?batch=1")).Expect(200);
        Assert.Equal(0, session.Queued);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Every_message_comes_exactly_once_and_in_order_whatever_breaks(int seed)
    {
        const int Messages = 150;
        await using var server = await KitServer.StartAsync();

        // All may be published before any is read.
        server.Wire.MaxLagMessages = Messages;
        var client = new Client(server, await server.OpenAsync("ack=1"), new(seed));
        var publishing = Task.Run(() => server.PublishAsync([.. Enumerable.Range(0, Messages)]));

        await client.ReceiveAsync(Messages).Within(TimeSpan.FromSeconds(60));

        await publishing.Within(TimeSpan.FromSeconds(30));
        Assert.Equal(Enumerable.Range(0, Messages), client.Received);
        (await server.SendAsync("POST", $"/kit/sessions/{client.Session.Id}/ack?batch={client.Acknowledged}")).Expect(200);
        Assert.Equal(0, client.Session.Queued);
    }

    /// <summary>Changes its transport at random and breaks connections at random places; a batch counts when it has come whole.</summary>
    private sealed class Client(KitServer server, Session session, Random random)
    {
        public List<int> Received { get; } = [];

        public long Acknowledged { get; private set; }

        public Session Session => session;

        public async Task ReceiveAsync(int messages)
        {
            while (Received.Count < messages)
            {
                await (random.Next(3) switch
                {
                    0 => SocketAsync(messages),
                    1 => AbandonAsync(),
                    _ => PollAsync(),
                });
            }
        }

        private async Task PollAsync()
        {
            var answer = (await server.PollAsync(session, $"ack={Acknowledged}&window=0")).Expect(200);
            if (answer.Json.ValueKind == JsonValueKind.Object)
            {
                Take(answer.Json.GetProperty("messages").EnumerateArray().Select(item => item.GetInt32()), answer.Json);
            }
        }

        /// <summary>Leaves a poll without looking at what it may have answered.</summary>
        private async Task AbandonAsync()
        {
            using var leaving = new CancellationTokenSource();
            using var request = server.Request("GET", $"/kit/sessions/{session.Id}/poll?ack={Acknowledged}", null, null);
            var poll = server.Http.SendAsync(request, leaving.Token);
            for (var i = random.Next(200); i > 0; i--)
            {
                await Task.Yield();
            }

            await leaving.CancelAsync();
            await poll.ContinueWith(abandoned => abandoned.IsCompletedSuccessfully ? abandoned.Result : null, TaskScheduler.Default).Within();
        }

        private async Task SocketAsync(int messages)
        {
            using var socket = await server.ConnectAsync($"/kit/sessions/{session.Id}/socket?ack={Acknowledged}");
            var frames = random.Next(1, 40);
            var batch = new List<int>();
            while (frames-- > 0 && Received.Count < messages)
            {
                if (await socket.ReadTextAsync() is not { } text)
                {
                    // A poll that was abandoned has come late and taken over.
                    return;
                }

                var frame = JsonDocument.Parse(text).RootElement;
                if (frame.ValueKind == JsonValueKind.Number)
                {
                    batch.Add(frame.GetInt32());
                    continue;
                }

                Take(batch, frame);
                batch.Clear();
                if (random.Next(2) == 0)
                {
                    (await server.SendAsync("POST", $"/kit/sessions/{session.Id}/ack?batch={Acknowledged}")).Expect(200);
                }
            }

            if (random.Next(2) == 0)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).Within();
            }
        }

        private void Take(IEnumerable<int> messages, JsonElement frame)
        {
            Received.AddRange(messages);
            Acknowledged = frame.GetProperty("batch").GetInt64();
        }
    }
}
