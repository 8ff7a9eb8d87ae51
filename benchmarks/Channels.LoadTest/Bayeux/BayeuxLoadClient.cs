using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Channels.LoadTest.Client;
using Channels.LoadTest.Wires;

namespace Channels.LoadTest.Bayeux;

/// <summary>One Bayeux session that follows the first channel, over a WebSocket or by polls.</summary>
/// <param name="http">Shared by all, for what is not measured.</param>
/// <param name="endpoint">Where the protocol is served.</param>
/// <param name="acknowledges">Whether it acknowledges.</param>
internal sealed class BayeuxLoadClient(HttpClient http, Uri endpoint, bool acknowledges) : IDisposable
{
    private const string Connected = "\"/meta/connect\"";

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[16 * 1024];
    private string _id = "";
    private long _batch;

    public SequenceCheck Check { get; } = new();

    public void Dispose() => _socket.Dispose();

    /// <summary>Opens the session, subscribes and connects for the first time.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var reply = await PostAsync(
            $$"""[{"channel":"/meta/handshake","version":"1.0","supportedConnectionTypes":["websocket","long-polling"],"ext":{"ack":{{(acknowledges ? "true" : "false")}}} }]""",
            cancellationToken);
        _id = JsonDocument.Parse(reply).RootElement[0].GetProperty("clientId").GetString()!;
        await PostAsync($$"""[{"channel":"/meta/subscribe","clientId":"{{_id}}","subscription":"/{{Wire.Address(0)}}"}]""", cancellationToken);
        Take(await PostAsync($"[{ConnectMessage()}]", cancellationToken));
    }

    /// <summary>Connects over a WebSocket and reads until so many messages have come.</summary>
    public async Task FollowAsync(int messages, CancellationToken cancellationToken)
    {
        while (Check.Next < messages)
        {
            var part = await _socket.ReceiveAsync(_buffer, cancellationToken);
            var text = Encoding.UTF8.GetString(_buffer, 0, part.Count);
            Take(text);
            if (text.Contains(Connected, StringComparison.Ordinal))
            {
                await SendConnectAsync(cancellationToken);
            }
        }
    }

    /// <summary>Opens the WebSocket and has a connect held.</summary>
    public async Task UpgradeAsync(CancellationToken cancellationToken)
    {
        await _socket.ConnectAsync(new UriBuilder(endpoint) { Scheme = "ws" }.Uri, cancellationToken);
        await SendConnectAsync(cancellationToken);
    }

    /// <summary>The request of a poll, for a lean connection.</summary>
    public ReadOnlyMemory<byte> PollRequest()
    {
        var body = $"[{ConnectMessage()}]";
        return Encoding.ASCII.GetBytes(
            $"POST {endpoint.AbsolutePath} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        await PostAsync($$"""[{"channel":"/meta/disconnect","clientId":"{{_id}}"}]""", cancellationToken);
        _socket.Abort();
    }

    private string ConnectMessage() =>
        $$"""{"id":"1","channel":"/meta/connect","clientId":"{{_id}}","ext":{"ack":{{_batch}}} }""";

    private async Task SendConnectAsync(CancellationToken cancellationToken) => await _socket.SendAsync(
        Encoding.UTF8.GetBytes($"[{ConnectMessage()}]"), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

    private void Take(string text)
    {
        ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes(text);
        while (MessageScanner.TryTake(ref bytes, out var sequence, out _))
        {
            Check.Accept(sequence);
        }

        const string Number = "\"ext\":{\"ack\":";
        var at = acknowledges ? text.LastIndexOf(Number, StringComparison.Ordinal) : -1;
        if (at >= 0)
        {
            var digits = text.AsSpan(at + Number.Length);
            _batch = long.Parse(digits[..digits.IndexOf('}')], System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    private async Task<string> PostAsync(string json, CancellationToken cancellationToken)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(endpoint, content, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }
}
