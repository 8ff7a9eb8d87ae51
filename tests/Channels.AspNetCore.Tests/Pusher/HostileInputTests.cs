using System.Net.WebSockets;
using System.Text;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Pusher;

/// <summary>P8: whatever a client sends ends at most its own connection.</summary>
public sealed class HostileInputTests(PusherTestServer server) : IClassFixture<PusherTestServer>
{
    private static readonly string[] Seeds =
    [
        """{"event":"pusher:subscribe","data":{"channel":"fuzz","auth":"","channel_data":"{\"user_id\":\"1\"}"}}""",
        """{"event":"pusher:subscribe","data":{"channel":"presence-fuzz","auth":"278d425bdf160c739803:00","channel_data":"{}"}}""",
        """{"event":"pusher:unsubscribe","data":{"channel":"fuzz"}}""",
        """{"event":"pusher:signin","data":{"auth":"a:b","user_data":"{\"id\":\"1\",\"watchlist\":[]}"}}""",
        """{"event":"client-x","channel":"private-fuzz","data":{"a":[1,{"b":"\ud83d\ude00"}]}}""",
        """{"event":"pusher:ping","data":{}}""",
    ];

    [Fact]
    public async Task Changed_frames_end_at_most_their_own_connection()
    {
        var random = new Random(7);
        using var bystander = await server.ConnectAsync();
        await bystander.SubscribeAsync("bystander");
        for (var round = 0; round < 20; round++)
        {
            using var client = await server.ConnectAsync();
            for (var i = 0; i < 50; i++)
            {
                var bytes = Encoding.UTF8.GetBytes(Seeds[random.Next(Seeds.Length)]);
                for (var changes = random.Next(1, 4); changes > 0; changes--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(0x20, 0x7F);
                }

                await client.SendAsync(Encoding.UTF8.GetString(bytes)[..random.Next(1, bytes.Length)]);
                await client.SendAsync(Encoding.UTF8.GetString(bytes));
            }

            await client.SettleAsync();
        }

        await server.TriggerAsync("bystander", "e", "1");
        await bystander.ReadAsync("e");
    }

    [Fact]
    public async Task Text_that_is_not_UTF_8_and_binary_close_the_connection()
    {
        using var bystander = await server.ConnectAsync();
        foreach (var type in new[] { WebSocketMessageType.Text, WebSocketMessageType.Binary })
        {
            using var socket = new ClientWebSocket();
            await socket.ConnectAsync(
                new UriBuilder(new Uri(server.BaseAddress, $"/app/{PusherTestServer.Key}?protocol=7")) { Scheme = "ws" }.Uri, CancellationToken.None).Within();
            Assert.NotNull(await socket.ReadTextAsync());
            await socket.SendAsync(new byte[] { 0xFF, 0xFE }, type, endOfMessage: true, CancellationToken.None).Within();
            while (await socket.ReadTextAsync() is not null)
            {
            }

            Assert.Equal(type == WebSocketMessageType.Text ? WebSocketCloseStatus.InvalidPayloadData : WebSocketCloseStatus.InvalidMessageType, socket.CloseStatus);
        }

        Assert.Empty(await bystander.SettleAsync());
    }

    [Theory]
    [InlineData("POST", "/apps/3/events?auth_key=%ff")]
    [InlineData("POST", "/apps/%2e%2e/events")]
    [InlineData("GET", "/apps/3/channels/%00?auth_key=278d425bdf160c739803")]
    [InlineData("GET", "/apps/3/channels?auth_key=278d425bdf160c739803&auth_version=1.0&auth_timestamp=99999999999999999999")]
    [InlineData("GET", "/apps/3/channels?auth_key=278d425bdf160c739803&auth_version=1.0&auth_timestamp=-1")]
    [InlineData("DELETE", "/apps/3/channels")]
    public async Task Strange_requests_get_an_answer_in_JSON(string method, string path)
    {
        var answer = await server.SendAsync(method, path, key: null);
        Assert.InRange(answer.Status, 400, 499);
        if (answer.Body.Length > 0)
        {
            Assert.Equal(answer.Status, answer.Json.GetProperty("code").GetInt32());
        }
    }

    [Fact]
    public async Task Secrets_and_data_are_never_logged()
    {
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("private-logged");
        await server.TriggerAsync("private-logged", "e", "payload-to-hide");
        Assert.DoesNotContain(server.Logs.Warnings, text =>
            text.Contains("payload-to-hide", StringComparison.Ordinal) || text.Contains(PusherTestServer.Secret, StringComparison.Ordinal));
    }
}
