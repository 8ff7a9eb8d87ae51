using System.Globalization;
using System.Text;
using System.Text.Json;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.SocketIo;

/// <summary>A polling client that knows requests and nothing of packets.</summary>
public sealed class PollingClient(TestServer server, string path, int revision)
{
    public string Sid { get; private set; } = "";

    /// <summary>The open packet's content.</summary>
    public JsonElement Handshake { get; private set; }

    public string Query => $"{path}/?EIO={revision}&transport=polling&sid={Sid}";

    public static async Task<PollingClient> OpenAsync(TestServer server, string path, int revision, string query = "", params (string Name, string Value)[] headers)
    {
        var client = new PollingClient(server, path, revision);
        var answer = (await server.SendAsync("GET", $"{path}/?EIO={revision}&transport=polling{query}", key: null, headers: headers)).Expect(200);
        var packet = client.Split(answer.Body)[0];
        Assert.StartsWith("0", packet, StringComparison.Ordinal);
        client.Handshake = JsonDocument.Parse(packet[1..]).RootElement;
        client.Sid = client.Handshake.GetProperty("sid").GetString()!;
        client.First = client.Split(answer.Body)[1..];
        return client;
    }

    /// <summary>What came behind the open packet.</summary>
    public IReadOnlyList<string> First { get; private set; } = [];

    public Task<Answer> PollAsync(string query = "") => server.SendAsync("GET", Query + query, key: null);

    /// <summary>Polls for packets.</summary>
    public async Task<string[]> ReadAsync() => Split((await PollAsync()).Expect(200).Body);

    /// <summary>Polls until so many packets have come.</summary>
    public async Task<List<string>> ReadAsync(int count)
    {
        var packets = new List<string>();
        while (packets.Count < count)
        {
            packets.AddRange(await ReadAsync());
        }

        return packets;
    }

    public Task<Answer> PostAsync(string body, string contentType = "text/plain;charset=UTF-8") =>
        server.SendAsync("POST", Query, key: null, content: TestServer.Body(body, contentType));

    public Task<Answer> PostAsync(byte[] body) =>
        server.SendAsync("POST", Query, key: null, content: TestServer.Body(body, "application/octet-stream"));

    /// <summary>Posts packets.</summary>
    public async Task SendAsync(params string[] packets)
    {
        var body = revision == 4
            ? string.Join('\u001e', packets)
            : string.Concat(packets.Select(packet => string.Create(CultureInfo.InvariantCulture, $"{packet.Length}:{packet}")));
        (await PostAsync(body)).Expect(200, "ok");
    }

    public string[] Split(string payload)
    {
        if (revision == 4)
        {
            return payload.Split('\u001e');
        }

        var packets = new List<string>();
        while (payload.Length > 0)
        {
            var colon = payload.IndexOf(':', StringComparison.Ordinal);
            var length = int.Parse(payload[..colon], CultureInfo.InvariantCulture);
            packets.Add(payload.Substring(colon + 1, length));
            payload = payload[(colon + 1 + length)..];
        }

        return [.. packets];
    }

    /// <summary>What a client 1.x makes of a packet: each byte of its UTF-8 is a character.</summary>
    public static string AsOldClient(string packet) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(packet));
}
