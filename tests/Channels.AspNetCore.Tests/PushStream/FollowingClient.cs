using System.Net.WebSockets;
using System.Text.Json;

namespace Channels.AspNetCore.Tests.PushStream;

/// <summary>
/// A client of this wire, written after section 13 of its specification: in header mode it takes up the pair of every answer's headers, in argument mode
/// that of the last message.
/// </summary>
internal sealed class FollowingClient(PushStreamServer server, string channels, FollowingMode mode) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private CancellationTokenSource _cut = new();
    private Task? _running;
    private int _count;
    private string _tag = mode == FollowingMode.Headers ? "0" : "";
    private string _time = mode == FollowingMode.Headers ? "null" : "";

    /// <summary>Ids in the order in which they came.</summary>
    public List<long> Received { get; } = [];

    public int Requests { get; private set; }

    /// <summary>How many came; may be read while it runs.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Cuts the connection, wherever it is.</summary>
    public void Cut() => Interlocked.Exchange(ref _cut, new()).Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Cut();
        await _running!.Within();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Requests++;
                await (mode == FollowingMode.Socket ? FollowSocketAsync(_cut.Token) : PollAsync(_cut.Token));
            }
            catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or WebSocketException)
            {
                // Cut: it comes back with what it has.
            }
        }
    }

    private async Task PollAsync(CancellationToken cut)
    {
        var path = $"/longpoll/{channels}?auth_token={PushStreamServer.Alice}&_={Requests}";
        (string, string)[] headers = [];
        if (mode == FollowingMode.Headers)
        {
            headers = [("If-None-Match", _tag), ("If-Modified-Since", _time)];
        }
        else
        {
            path += $"&tag={_tag}&time={Uri.EscapeDataString(_time)}&eventid=";
        }

        using var request = server.Request("GET", path, key: null, user: null, headers);
        using var response = await server.Http.SendAsync(request, cut);
        var body = await response.Content.ReadAsStringAsync(cut);
        if (mode == FollowingMode.Headers)
        {
            _tag = response.Headers.TryGetValues("ETag", out var tags) ? tags.Single() : "0";
            _time = response.Content.Headers.TryGetValues("Last-Modified", out var times) ? times.Single() : "null";
        }

        foreach (var piece in body.Replace("}{", "}\r\n{", StringComparison.Ordinal).Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            Take(piece);
        }
    }

    private async Task FollowSocketAsync(CancellationToken cut)
    {
        using var socket = new ClientWebSocket();
        var query = $"auth_token={PushStreamServer.Alice}&tag={_tag}&time={Uri.EscapeDataString(_time)}";
        await socket.ConnectAsync(new UriBuilder(server.BaseAddress) { Scheme = "ws", Path = $"/websocket/{channels}", Query = query }.Uri, cut);
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var frame = await socket.ReceiveAsync(buffer.AsMemory(), cut);
            if (frame.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            Take(System.Text.Encoding.UTF8.GetString(buffer, 0, frame.Count));
        }
    }

    private void Take(string text)
    {
        var message = JsonDocument.Parse(text).RootElement;
        if (message.GetProperty("id").GetInt64() is > 0 and var id)
        {
            Received.Add(id);
            Interlocked.Increment(ref _count);
        }

        if (mode != FollowingMode.Headers)
        {
            // The tag goes through a number, and 0 is none.
            var tag = long.Parse(message.GetProperty("tag").GetString()!);
            _tag = tag == 0 ? "" : $"{tag}";
            _time = message.GetProperty("time").GetString()!;
        }
    }
}
