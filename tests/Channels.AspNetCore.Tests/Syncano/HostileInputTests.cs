using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Syncano;

/// <summary>Whatever comes in gets an answer below 500, leaves no error in the log and changes nothing for others.</summary>
public sealed class HostileInputTests(TestServer server) : IClassFixture<TestServer>
{
    private const int Seed = 20260101;

    private static readonly string[] Types =
    [
        "application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "multipart/form-data",
        "text/html", "application/json; charset=utf-16", "x/y",
    ];

    private static readonly string[] Fragments =
    [
        "{", "}", "[", "]", "\"", ":", ",", "null", "true", "1e999", "-", "\\ud800", "\\u0000", "\\", "payload", "room", "name", "_method", "_api_key",
        "\"payload\":", "\"name\":\"x\"", "{}", "--b\r\n", "--b--", "Content-Disposition: form-data; name=\"payload\"\r\n\r\n", "%", "%ff", "%00", "=", "&",
        "\u0000", "\uFEFF", "\u2028", "😀", "é", "\r\n", "\t", " ",
    ];

    [Fact]
    public async Task Random_bodies_get_an_answer()
    {
        await server.CreateAsync("fuzz", ChannelPermission.Publish);
        var random = new Random(Seed);
        string[] targets = ["POST channels/", "PUT channels/fuzz/", "PATCH channels/fuzz/", "POST channels/fuzz/publish/", "POST messages/", "POST connect-tickets/"];
        for (var i = 0; i < 600; i++)
        {
            var target = targets[random.Next(targets.Length)].Split(' ');
            var answer = await server.SendAsync(
                target[0], target[1], random.Next(4) == 0 ? null : Keys.Admin, content: TestServer.Body(RandomBody(random), Types[random.Next(Types.Length)]));
            Assert.True(answer.Status < 500, $"{target[0]} {target[1]}: {answer.Status} {answer.Body} (round {i})");
            Assert.Equal('{', answer.Body[0]);
            _ = answer.Json;
        }

        (await server.PostAsync("channels/fuzz/publish/", "{}")).Expect(201);
    }

    [Fact]
    public async Task Random_names_and_queries_get_an_answer()
    {
        await server.CreateAsync("known", ChannelPermission.Subscribe);
        var random = new Random(Seed);
        string[] names = ["last_id", "room", "page_size", "ordering", "direction", "last_pk", "fields", "excluded_fields", "name__startswith", "channel", "transport", "ticket", "api_key", "user_key"];
        for (var i = 0; i < 400; i++)
        {
            var channel = random.Next(2) == 0 ? "known" : Uri.EscapeDataString(RandomText(random));
            var query = string.Join('&', Enumerable.Range(0, random.Next(5)).Select(_ => $"{names[random.Next(names.Length)]}={Escape(random, RandomText(random))}"));
            string[] paths = ["channels/", $"channels/{channel}/", $"channels/{channel}/history/", $"channels/{channel}/history/{Uri.EscapeDataString(RandomText(random))}/", "stream/"];
            var answer = await server.GetAsync($"{paths[random.Next(paths.Length)]}?{query}");
            Assert.True(answer.Status < 500, $"{answer.Status} {answer.Body} (round {i})");
        }
    }

    [Theory]
    [InlineData("%00")]
    [InlineData("%FF%FE")]
    [InlineData("..")]
    [InlineData("%2e%2e")]
    [InlineData("a%2Fb")]
    [InlineData("a%0D%0Ab")]
    [InlineData("%F0%9F%98%80")]
    [InlineData("{x}")]
    [InlineData("*")]
    public async Task Odd_names_are_not_found(string name)
    {
        foreach (var path in new[] { $"channels/{name}/", $"channels/{name}/poll/?last_id=0", $"channels/{name}/history/", $"channels/{name}/history/{name}/" })
        {
            var answer = await RawAsync($"GET {TestServer.Root}/{path} HTTP/1.1\r\nHost: x\r\nX-API-KEY: {Keys.Admin}\r\nConnection: close\r\n\r\n");
            Assert.Matches("^HTTP/1.1 (404|400) ", answer);
        }
    }

    [Fact]
    public async Task A_name_of_three_thousand_characters_is_not_found()
    {
        var name = new string('a', 3000);
        (await server.GetAsync($"channels/{name}/")).Expect(404);
        (await server.GetAsync($"channels/{name}/poll/")).Expect(404);
        (await server.GetAsync($"channels/?name__startswith={name}&fields={name}")).Expect(200);
        (await server.GetAsync($"/v1/instances/{name}/channels/")).Expect(404);
        (await server.SendAsync("GET", $"stream/?channel={name}", headers: ("Accept", "text/event-stream"))).Expect(404);
    }

    [Theory]
    [InlineData(47, 201)]
    [InlineData(49, 400)]
    [InlineData(70, 400)]
    [InlineData(3000, 400)]
    public async Task Deep_json_is_refused(int depth, int status)
    {
        await server.Channels.Catalog.CreateAsync(new() { Name = "deep", ClientsMayPublish = true });
        var json = string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
        (await server.PostAsync("channels/deep/publish/", $$"""{"payload":{{json}}}""")).Expect(status);
        (await server.PostAsync("messages/", $$"""{"channel":"deep","payload":{{json}}}""")).Expect(status);
        var text = System.Text.Json.JsonSerializer.Serialize(json);
        (await server.PostAsync("channels/deep/publish/", $$"""{"payload":{{text}}}""")).Expect(status == 201 ? 201 : 400);
        (await server.PostAsync("channels/", $$"""{"name":"x{{depth}}","unknown":{{json}}}""")).Expect(depth < 64 ? 201 : 400);
    }

    [Theory]
    [InlineData("C3 28")]
    [InlineData("FF")]
    [InlineData("ED A0 80")]
    [InlineData("F8 88 80 80 80")]
    [InlineData("C0 AF")]
    public async Task Invalid_utf8_is_refused(string hex)
    {
        await server.Channels.Catalog.CreateAsync(new() { Name = "utf8", ClientsMayPublish = true });
        var bad = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        byte[] Body(string before, string after) => [.. Encoding.UTF8.GetBytes(before), .. bad, .. Encoding.UTF8.GetBytes(after)];
        const string Error = """{"detail":"JSON parse error - The text is not valid UTF-8."}""";
        (await PostAsync("channels/utf8/publish/", Body("{\"payload\":{\"a\":\"", "\"}}"), "application/json")).Expect(400, Error);
        (await PostAsync("channels/utf8/publish/", Body("{\"x\":\"", "\"}"), "text/plain")).Expect(400, Error);
        (await PostAsync("messages/", Body("{\"channel\":\"utf8\",\"payload\":\"", "\"}"), "application/json")).Expect(400, Error);
        (await PostAsync("channels/", Body("{\"name\":\"", "\"}"), "application/json")).Expect(400, Error);
        (await PostAsync("channels/", Body("name=", ""), "application/x-www-form-urlencoded")).Expect(400);
        (await server.GetAsync("channels/utf8/history/")).Expect(200, """{"next":null,"prev":null,"objects":[]}""");
    }

    [Fact]
    public async Task A_byte_order_mark_is_harmless()
    {
        await server.CreateAsync("bom");
        (await PostAsync("channels/bom/publish/", [0xEF, 0xBB, 0xBF, .. "{\"payload\":{}}"u8], "application/json")).Expect(201);
    }

    [Theory]
    [InlineData("channels/x/publish/", 65536)]
    [InlineData("channels/", 65536)]
    [InlineData("messages/", 73728)]
    [InlineData("connect-tickets/", 65536)]
    public async Task Ten_megabytes_are_refused_without_being_read(string path, int limit)
    {
        var error = $$"""{"detail":"Request size limit exceeded ({{limit}})."}""";
        var head = $"POST {TestServer.Root}/{path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
        var announced = await RawAsync($"{head}Content-Length: 10485760\r\n\r\n{{");
        Assert.StartsWith("HTTP/1.1 413 ", announced, StringComparison.Ordinal);
        Assert.Contains(error, announced, StringComparison.Ordinal);

        var chunk = $"4000\r\n{new string(' ', 0x4000)}\r\n";
        var chunked = await RawAsync($"{head}Transfer-Encoding: chunked\r\n\r\n{string.Concat(Enumerable.Repeat(chunk, 6))}");
        Assert.StartsWith("HTTP/1.1 413 ", chunked, StringComparison.Ordinal);
        Assert.Contains(error, chunked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("Content-Length: 2\r\nContent-Type: multipart/form-data; boundary=\"\"\r\n\r\n{}")]
    [InlineData("Content-Length: 2\r\nContent-Type: ;;;\r\n\r\n{}")]
    [InlineData("Content-Length: 2\r\nContent-Type: application/json\r\nX-API-KEY: \u00e9\r\n\r\n{}")]
    [InlineData("Content-Length: 2\r\nAuthorization: \t\r\nOrigin: \r\n\r\n{}")]
    public async Task Odd_requests_get_an_answer(string rest)
    {
        var answer = await RawAsync($"POST {TestServer.Root}/channels/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{rest}");
        Assert.Matches("^HTTP/1.1 4\\d\\d ", answer);
    }

    [Theory]
    [InlineData("FF FF FF FF FF FF FF FF FF FF")]
    [InlineData("81 FF 7F FF FF FF FF FF FF FF 00 00 00 00")]
    [InlineData("C1 80 00 00 00 00")]
    [InlineData("01 05 68 65 6C 6C 6F")]
    [InlineData("88 81 00 00 00 00 00")]
    [InlineData("89 FE 00 FF 00 00 00 00")]
    public async Task Malformed_frames_end_their_socket_alone(string hex)
    {
        await server.Channels.Catalog.CreateAsync(new() { Name = "frames", OtherPermission = ChannelPermission.Subscribe });
        using var other = await server.ConnectAsync($"stream/?channel=frames&api_key={Keys.Admin}");
        Assert.NotNull(await other.ReadTextAsync());

        using var client = new TcpClient();
        await client.ConnectAsync(server.BaseAddress.Host, server.BaseAddress.Port).Within();
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {TestServer.Root}/stream/?channel=frames&api_key={Keys.Admin} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        await stream.WriteAsync((byte[])[.. Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), .. new byte[70_000]]);
        var received = ReadToEndAsync(stream);
        await server.AdvanceUntilAsync(() => received.IsCompleted);

        var message = await server.PublishAsync("frames", "{}");
        Assert.Equal(message.Id, (await other.ReadJsonAsync()).GetProperty("id").GetInt64());
        await other.CloseAsync();
    }

    private async Task<Answer> PostAsync(string path, byte[] body, string type) =>
        await server.SendAsync("POST", path, content: TestServer.Body(body, type));

    private async Task<string> RawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.BaseAddress.Host, server.BaseAddress.Port).Within();
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request)).AsTask().Within();
        var buffer = new byte[64 * 1024];
        var text = new StringBuilder();
        while (!text.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) || !text.ToString().Contains('}', StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer).AsTask().Within();
            if (count == 0)
            {
                break;
            }

            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    private static async Task<bool> ReadToEndAsync(NetworkStream stream)
    {
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Reset: an end too.
        }

        return true;
    }

    private static byte[] RandomBody(Random random)
    {
        if (random.Next(4) == 0)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            return bytes;
        }

        return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(14)).Select(_ => Fragments[random.Next(Fragments.Length)])));
    }

    private static string RandomText(Random random) => random.Next(4) switch
    {
        0 => random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture),
        1 => new string((char)random.Next(1, 0xD7FF), random.Next(1, 40)),
        _ => string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Fragments[random.Next(Fragments.Length)])),
    };

    private static string Escape(Random random, string text) =>
        random.Next(3) == 0 ? text.Replace("#", "", StringComparison.Ordinal).Replace("\0", "%00", StringComparison.Ordinal) : Uri.EscapeDataString(text);
}
