using System.Net.Sockets;
using System.Text;
using Channels.AspNetCore.Connections;
using Channels.Testing;

namespace Channels.AspNetCore.Tests.Kit;

/// <summary>Clients that go or stop without a word.</summary>
public sealed class LostClientTests
{
    [Fact]
    public async Task A_poll_whose_client_is_lost_starts_the_expiry()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        using var leaving = new CancellationTokenSource();
        using var request = server.Request("GET", $"/kit/sessions/{session.Id}/poll", null, null);
        var poll = server.Http.SendAsync(request, leaving.Token);
        await ChannelsTestHost.EventuallyAsync(() => server.Wire.Attached == 1);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll.Within());

        await server.AdvanceUntilAsync(() => session.End != SessionEnd.None, TimeSpan.FromSeconds(1));
        Assert.Equal(SessionEnd.Expired, session.End);
    }

    [Fact]
    public async Task A_socket_that_breaks_leaves_the_session_to_the_next_transport()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        using (var socket = await server.ConnectAsync($"/kit/sessions/{session.Id}/socket"))
        {
            socket.Abort();
        }

        await ChannelsTestHost.EventuallyAsync(() => session.TryAttach(takeOver: false) is { } free && Free(free));
        await server.PublishAsync(1);
        (await server.PollAsync(session)).Expect(200, """{"batch":0,"messages":[1]}""");
    }

    [Fact]
    public async Task A_socket_that_does_not_read_ends_its_session_and_delays_nobody()
    {
        await using var server = await KitServer.StartAsync(maxQueuedFrames: 10);
        var session = await server.OpenAsync();
        using var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(server.BaseAddress.Host, server.BaseAddress.Port).Within();
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /kit/sessions/{session.Id}/socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        await ChannelsTestHost.EventuallyAsync(() => server.Wire.Attached == 1);
        var payload = $"\"{new string('x', 60_000)}\"";
        for (var i = 0; i < 2000 && session.End == SessionEnd.None; i++)
        {
            await server.PublishAsync(KitServer.Channel, payload);
        }

        await ChannelsTestHost.EventuallyAsync(() => session.End != SessionEnd.None);
        Assert.Equal(SessionEnd.Overflow, session.End);

        // The pending write is given up after the time for closing.
        await server.AdvanceUntilAsync(() => session.Finished.IsCompleted, TimeSpan.FromSeconds(1));
    }

    private static bool Free(SessionAttachment attachment)
    {
        attachment.Dispose();
        return true;
    }
}
