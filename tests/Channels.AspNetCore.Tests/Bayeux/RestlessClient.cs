using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Bayeux;

/// <summary>A client with acknowledgement whose connections are cut at random; it goes on with the same session, by whatever transport comes next.</summary>
internal sealed class RestlessClient(BayeuxServer server, HttpClient http, string id, Random random)
{
    private const string Channel = "/meta/connect";

    private readonly List<int> _received = [];
    private long _acknowledged;
    private int _message = 1000;

    public IReadOnlyList<int> Received => _received;

    public int Cuts { get; private set; }

    /// <summary>Receives until it has so many events.</summary>
    public async Task RunAsync(int count)
    {
        while (_received.Count < count)
        {
            try
            {
                await (random.Next(2) == 0 ? PollAsync(count) : FollowAsync(count));
            }
            catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or HttpRequestException or IOException)
            {
                Cuts++;
            }
        }
    }

    private string NextConnect() =>
        $$"""[{"id":"{{++_message}}","channel":"{{Channel}}","clientId":"{{id}}","advice":{"timeout":{{random.Next(2) * 5000}}},"ext":{"ack":{{_acknowledged}} } }]""";

    private async Task PollAsync(int count)
    {
        for (var turns = random.Next(1, 4); turns > 0 && _received.Count < count; turns--)
        {
            using var cut = Cut();
            using var content = TestServer.JsonBody(NextConnect());
            using var response = await http.PostAsync(new Uri(server.BaseAddress, BayeuxServer.Url), content, cut.Token);
            Take(await response.Content.ReadAsByteArrayAsync(cut.Token));
        }
    }

    private async Task FollowAsync(int count)
    {
        using var cut = Cut();
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(new Uri(server.BaseAddress, BayeuxServer.Url)) { Scheme = "ws" }.Uri, cut.Token);
        for (var turns = random.Next(1, 4); turns > 0 && _received.Count < count; turns--)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(NextConnect()), WebSocketMessageType.Text, endOfMessage: true, cut.Token);
            await ReceiveBatchAsync(socket, cut.Token);
        }
    }

    /// <summary>Reads up to the reply of the connect; events count only with it.</summary>
    private async Task ReceiveBatchAsync(ClientWebSocket socket, CancellationToken cut)
    {
        var messages = new List<JsonElement>();
        var buffer = new byte[64 * 1024];
        while (messages.Count == 0 || messages[^1].GetProperty("channel").GetString() != Channel)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), cut);
            Assert.True(part.EndOfMessage && part.MessageType == WebSocketMessageType.Text);
            messages.AddRange(JsonDocument.Parse(buffer.AsMemory(0, part.Count)).RootElement.Clone().EnumerateArray());
        }

        Take(messages);
    }

    private void Take(byte[] body)
    {
        if (body.Length > 0)
        {
            Take([.. JsonDocument.Parse(body).RootElement.EnumerateArray()]);
        }
    }

    private void Take(IReadOnlyList<JsonElement> messages)
    {
        var reply = messages[^1];
        if (!reply.GetProperty("successful").GetBoolean())
        {
            Assert.Equal("409::connect_replaced", reply.GetProperty("error").GetString());
            return;
        }

        // Without a number while the write of a connection that was cut is still under way: then there are no events either.
        var events = messages.SkipLast(1).Select(message => message.GetProperty("data").GetInt32()).ToList();
        Assert.True(reply.TryGetProperty("ext", out var ext) || events.Count == 0);
        _received.AddRange(events);
        _acknowledged = ext.ValueKind == JsonValueKind.Object ? ext.GetProperty("ack").GetInt64() : _acknowledged;
    }

    /// <summary>The connection is lost soon, or holds for the whole turn.</summary>
    private CancellationTokenSource Cut() => random.Next(3) == 0 ? new(TimeSpan.FromMilliseconds(random.Next(1, 40))) : new(TimeSpan.FromSeconds(30));
}
