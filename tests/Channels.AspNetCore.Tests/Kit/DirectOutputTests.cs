using System.Net;
using System.Net.Sockets;
using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.Tests.Kit;

/// <summary>Writing to a socket whose other end reads slowly, or not at all.</summary>
public sealed class DirectOutputTests : IDisposable
{
    private readonly WritePathCounter _paths = new();
    private readonly Socket _server;
    private readonly Socket _client;
    private int _aborts;

    public DirectOutputTests()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        _client.Connect(listener.LocalEndPoint!);
        _server = listener.Accept();
        _server.SendBufferSize = 4096;
    }

    [Fact]
    public async Task A_frame_that_the_socket_takes_in_parts_arrives_whole()
    {
        var output = Open();
        var frame = new byte[3_000_000];
        new Random(1).NextBytes(frame);
        var writing = output.WriteAsync(frame, default).AsTask();
        Assert.False(writing.IsCompleted);
        var received = new byte[frame.Length];
        for (var length = 0; length < received.Length;)
        {
            length += await _client.ReceiveAsync(received.AsMemory(length)).AsTask().Within();
        }

        await writing.Within();
        Assert.Equal(frame, received);
        await output.WriteAsync(new byte[1], default).Within();
    }

    [Fact]
    public async Task Nothing_follows_a_frame_that_was_given_up_in_the_middle()
    {
        var output = Open();
        using var stop = new CancellationTokenSource();
        var writing = output.WriteAsync(new byte[10_000_000], stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.Within());
        await Assert.ThrowsAsync<IOException>(() => output.WriteAsync(new byte[1], default).AsTask().Within());
        output.Close();
        Assert.Equal(0, _aborts);
    }

    [Fact]
    public async Task A_write_that_hangs_is_let_go_with_its_stream()
    {
        var output = Open();
        var writing = output.WriteAsync(new byte[10_000_000], default).AsTask();

        output.Close();

        Assert.Equal(1, _aborts);
        await Assert.ThrowsAsync<IOException>(() => writing.Within());
        await Assert.ThrowsAsync<IOException>(() => output.WriteAsync(new byte[1], default).AsTask().Within());
    }

    [Fact]
    public async Task A_socket_that_the_server_has_closed_is_a_connection_that_is_gone()
    {
        var output = Open();
        _server.Dispose();

        await Assert.ThrowsAsync<IOException>(() => output.WriteAsync(new byte[1], default).AsTask().Within());
    }

    [Fact]
    public async Task A_client_that_is_gone_is_noticed()
    {
        var output = Open();
        _client.LingerState = new(enable: true, seconds: 0);
        _client.Dispose();

        await Assert.ThrowsAsync<IOException>(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await output.WriteAsync(new byte[100_000], default).Within();
            }
        });
    }

    public void Dispose()
    {
        _server.Dispose();
        _client.Dispose();
        _paths.Dispose();
    }

    private DirectOutput Open()
    {
        var output = new DirectOutput(
            _server,
            () =>
            {
                _aborts++;
                _server.Dispose();
            },
            new(_paths));
        Assert.False(output.TryOpen());
        var ping = output.OnWritten("\x81\x01x"u8);
        output.OnReceived([0x8A, 0x10, .. ping.Span[2..]]);
        Assert.True(output.TryOpen());
        Assert.Equal(1, _paths[WritePath.Direct]);
        return output;
    }
}
