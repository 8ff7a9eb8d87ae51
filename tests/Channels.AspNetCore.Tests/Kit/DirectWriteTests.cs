using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Tests.Support;
using Channels.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Channels.AspNetCore.Tests.Kit;

/// <summary>Sockets that are written past the server, once nothing is left in its hands.</summary>
public sealed class DirectWriteTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Order_is_kept_over_the_switch(int seed)
    {
        const int Sockets = 8;
        const int Messages = 400;
        await using var server = await KitServer.StartDirectAsync();
        var sockets = await Task.WhenAll(Enumerable.Range(0, Sockets).Select(_ => ConnectAsync(server)));
        var counts = new int[Sockets];
        var receiving = sockets.Select((socket, i) => ReceiveAsync(socket, () => Interlocked.Increment(ref counts[i]))).ToArray();
        var random = new Random(seed);
        var published = 0;
        while (published < Messages || server.WritePaths[WritePath.Direct] < Sockets)
        {
            // Some frames are larger than what a socket takes at once. The way opens in a pause, at the latest in those at the end.
            var filling = new string('x', random.Next(20) == 0 ? random.Next(60_000) : random.Next(200));
            await server.PublishAsync(KitServer.Channel, $"[{published++},\"{filling}\"]");
            if (random.Next(10) == 0 || published > Messages)
            {
                await ChannelsTestHost.EventuallyAsync(() => Enumerable.Range(0, Sockets).All(i => Volatile.Read(ref counts[i]) == published));
            }
        }

        await server.PublishAsync(KitServer.Channel, "[-1]");
        foreach (var received in await Task.WhenAll(receiving).Within(TimeSpan.FromSeconds(30)))
        {
            Assert.Equal(Enumerable.Range(0, published), received);
        }

        Assert.Equal(Sockets, server.WritePaths[WritePath.Direct]);
        Array.ForEach(sockets, socket => socket.Dispose());
    }

    [Fact]
    public async Task The_way_opens_with_the_answer_and_pongs_and_closes_take_it_too()
    {
        await using var server = await KitServer.StartDirectAsync();
        var session = await server.OpenAsync();
        using var socket = await RawSocket.ConnectAsync(server, $"/kit/sessions/{session.Id}/socket");
        await server.PublishAsync(1);
        await socket.ReadAsync(RawSocket.Text, "1");
        var ping = await socket.ReadAsync(RawSocket.Ping, null);
        await socket.SendAsync(RawSocket.Pong, ping);

        // Both answers of the server come behind what the client sent before them.
        await socket.SendAsync(RawSocket.Text, "here"u8.ToArray());
        await socket.ReadAsync(RawSocket.Text, "here");
        Assert.Equal(1, server.WritePaths[WritePath.Direct]);
        await socket.SendAsync(RawSocket.Ping, "you?"u8.ToArray());
        await socket.ReadAsync(RawSocket.Pong, "you?");
        await server.PublishAsync(2);
        await socket.ReadAsync(RawSocket.Text, "2");
        await socket.SendAsync(RawSocket.Close, [0x03, 0xE8]);
        var close = await socket.ReadAsync(RawSocket.Close, null);

        Assert.Equal("ClientLeft", Encoding.UTF8.GetString(close.AsSpan(2)));
        Assert.True(await socket.IsClosedAsync());
        Assert.Equal(0, server.WritePaths[WritePath.Unproven]);
    }

    [Fact]
    public async Task The_server_closes_in_order_by_the_direct_way()
    {
        await using var server = await KitServer.StartDirectAsync();
        var session = await server.OpenAsync();
        using var socket = await RawSocket.ConnectAsync(server, $"/kit/sessions/{session.Id}/socket?bye=1");
        await server.PublishAsync(1);
        await socket.ReadAsync(RawSocket.Text, "1");
        await socket.SendAsync(RawSocket.Pong, await socket.ReadAsync(RawSocket.Ping, null));
        await socket.SendAsync(RawSocket.Text, "here"u8.ToArray());
        await socket.ReadAsync(RawSocket.Text, "here");
        Assert.Equal(1, server.WritePaths[WritePath.Direct]);

        await server.PublishAsync(7);
        await socket.ReadAsync(RawSocket.Text, "7");
        session.Close();

        await socket.ReadAsync(RawSocket.Text, "bye:Closed");
        var close = await socket.ReadAsync(RawSocket.Close, null);
        Assert.Equal("Ended", Encoding.UTF8.GetString(close.AsSpan(2)));
    }

    [Fact]
    public async Task A_client_that_never_answers_is_served_through_the_server()
    {
        await using var server = await KitServer.StartDirectAsync();
        var session = await server.OpenAsync();
        using (var socket = await RawSocket.ConnectAsync(server, $"/kit/sessions/{session.Id}/socket"))
        {
            await server.PublishAsync([.. Enumerable.Range(0, 20)]);
            for (var next = 0; next < 20;)
            {
                var (opcode, content) = await socket.ReadFrameAsync();
                Assert.True(opcode == RawSocket.Ping || Encoding.UTF8.GetString(content) == $"{next++}");
            }
        }

        await ChannelsTestHost.EventuallyAsync(() => server.WritePaths[WritePath.Unproven] == 1);
        Assert.Equal(0, server.WritePaths[WritePath.Direct]);
    }

    [Fact]
    public async Task An_answer_that_comes_behind_another_frame_or_is_made_up_opens_nothing()
    {
        await using var server = await KitServer.StartDirectAsync();
        var session = await server.OpenAsync();
        using var socket = await RawSocket.ConnectAsync(server, $"/kit/sessions/{session.Id}/socket");
        await server.PublishAsync(1);
        await socket.ReadAsync(RawSocket.Text, "1");
        var ping = await socket.ReadAsync(RawSocket.Ping, null);
        await socket.SendAsync(RawSocket.Pong, new byte[ping.Length]);
        await server.PublishAsync(2);
        await socket.ReadAsync(RawSocket.Text, "2");

        await socket.SendAsync(RawSocket.Pong, ping);
        await socket.SendAsync(RawSocket.Text, "a"u8.ToArray());
        await socket.ReadAsync(RawSocket.Text, "a");
        Assert.Equal(0, server.WritePaths[WritePath.Direct]);

        // It asks again, behind this frame.
        var again = await socket.ReadAsync(RawSocket.Ping, null);
        Assert.NotEqual(ping, again);
        await socket.SendAsync(RawSocket.Pong, again);
        await socket.SendAsync(RawSocket.Text, "b"u8.ToArray());
        await socket.ReadAsync(RawSocket.Text, "b");
        Assert.Equal(1, server.WritePaths[WritePath.Direct]);
    }

    [Fact]
    public async Task A_client_that_stops_reading_is_cut_and_others_go_on()
    {
        await using var server = await KitServer.StartDirectAsync(maxQueuedFrames: 10);
        var session = await server.OpenAsync();
        using var stopped = await RawSocket.ConnectAsync(server, $"/kit/sessions/{session.Id}/socket", receiveBufferBytes: 4096);
        await server.PublishAsync(0);
        await stopped.ReadAsync(RawSocket.Text, "0");
        await stopped.SendAsync(RawSocket.Pong, await stopped.ReadAsync(RawSocket.Ping, null));
        await stopped.SendAsync(RawSocket.Text, "open"u8.ToArray());
        await stopped.ReadAsync(RawSocket.Text, "open");
        Assert.Equal(1, server.WritePaths[WritePath.Direct]);
        using var other = await ConnectAsync(server);
        var payload = $"\"{new string('x', 60_000)}\"";
        var (published, received) = (0, 0);
        while (session.End == SessionEnd.None && published < 2000)
        {
            await server.PublishAsync(KitServer.Channel, payload);
            published++;
            Assert.Equal(payload, await other.ReadTextAsync());
            received++;
        }

        await ChannelsTestHost.EventuallyAsync(() => session.End != SessionEnd.None);
        Assert.Equal(SessionEnd.Overflow, session.End);
        Assert.Equal(published, received);

        // The pending write is given up after the time for closing, and the connection with it.
        await server.AdvanceUntilAsync(() => session.Finished.IsCompleted, TimeSpan.FromSeconds(1));
        await server.PublishAsync(1);
        Assert.Equal("1", await other.ReadTextAsync());
    }

    [Fact]
    public async Task With_TLS_frames_pass_the_server()
    {
        using var certificate = SelfSigned();
        await using var server = await KitServer.StartDirectAsync(listen => listen.UseHttps(certificate));
        await AssertServedAsync(server, WritePath.Encrypted, options =>
            options.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString());
    }

    [Fact]
    public async Task Over_HTTP_2_frames_pass_the_server()
    {
        await using var server = await KitServer.StartDirectAsync(listen => listen.Protocols = HttpProtocols.Http2);
        await AssertServedAsync(server, WritePath.OtherProtocol, options =>
        {
            options.HttpVersion = HttpVersion.Version20;
            options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        });
    }

    [Fact]
    public async Task Behind_connection_middleware_frames_pass_the_server()
    {
        await using var server = await KitServer.StartDirectAsync(listen => listen.UseConnectionLogging());
        await AssertServedAsync(server, WritePath.OtherTransport, static _ => { });
    }

    [Fact]
    public async Task Without_leave_nobody_is_asked()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        using var socket = await RawSocket.ConnectAsync(server, $"/kit/sessions/{session.Id}/socket");
        await server.PublishAsync(1, 2);
        await socket.ReadAsync(RawSocket.Text, "1");
        await socket.ReadAsync(RawSocket.Text, "2");
    }

    private static async Task AssertServedAsync(KitServer server, WritePath path, Action<ClientWebSocketOptions> configure)
    {
        using var socket = new ClientWebSocket();
        configure(socket.Options);
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = socket.Options.RemoteCertificateValidationCallback },
        };
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        socket.Options.RemoteCertificateValidationCallback = null;
        var scheme = server.BaseAddress.Scheme == "https" ? "wss" : "ws";
        await socket.ConnectAsync(new UriBuilder(new Uri(server.BaseAddress, "/kit/echo")) { Scheme = scheme }.Uri, invoker, default).Within();
        for (var i = 0; i < 10; i++)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes($"{i}"), WebSocketMessageType.Text, endOfMessage: true, default).Within();
            Assert.Equal($"{i}", await socket.ReadTextAsync());
        }

        await socket.CloseAsync();
        Assert.Equal(1, server.WritePaths[path]);
        Assert.Equal(0, server.WritePaths[WritePath.Direct]);
    }

    private static async Task<ClientWebSocket> ConnectAsync(KitServer server)
    {
        var session = await server.OpenAsync();
        return await server.ConnectAsync($"/kit/sessions/{session.Id}/socket");
    }

    /// <summary>Reads numbers until -1 comes.</summary>
    private static async Task<List<int>> ReceiveAsync(ClientWebSocket socket, Action onReceived)
    {
        var received = new List<int>();
        while (true)
        {
            var text = await socket.ReadTextAsync();
            Assert.NotNull(text);
            var number = System.Text.Json.JsonDocument.Parse(text).RootElement[0].GetInt32();
            if (number < 0)
            {
                return received;
            }

            received.Add(number);
            onReceived();
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

        // Some platforms serve only certificates that were loaded with their key.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
