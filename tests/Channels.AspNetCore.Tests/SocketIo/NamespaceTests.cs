namespace Channels.AspNetCore.Tests.SocketIo;

/// <summary>Sockets over sessions, with the namespaces of the conformance host.</summary>
public sealed class NamespaceTests(SocketIoServer server) : IClassFixture<SocketIoServer>
{
    private const string Path = "/socket.io";

    [Fact]
    public async Task Protocol_5_joins_when_it_says_so()
    {
        using var client = await SocketClient.OpenAsync(server, Path, 4);
        await client.SendAsync("""40{"token":"123"}""");

        var connected = await client.ReadAsync();
        Assert.Matches("^40{\"sid\":\"[0-9.]+\"}$", connected);
        Assert.Equal("""42["auth",{"token":"123"}]""", await client.ReadAsync());
        await client.SendAsync("40/custom");
        Assert.Matches("^40/custom,{\"sid\":\"[^\"]+\"}$", await client.ReadAsync());
        Assert.Equal("""42/custom,["auth",{}]""", await client.ReadAsync());
        await client.SendAsync("40/random,");
        Assert.Equal("""44/random,{"message":"Invalid namespace"}""", await client.ReadAsync());
        await client.SendAsync("""42["message",1,"2",{"3":[true]}]""");
        Assert.Equal("""42["message-back",1,"2",{"3":[true]}]""", await client.ReadAsync());
    }

    [Theory]
    [InlineData("websocket")]
    [InlineData("polling")]
    public async Task Older_clients_are_in_the_main_namespace_at_once(string transport)
    {
        if (transport == "polling")
        {
            var client = await PollingClient.OpenAsync(server, Path, 3);
            Assert.Equal(["40", """42["auth",{}]"""], client.First.Concat(client.First.Count < 2 ? await client.ReadAsync() : []));
            return;
        }

        using var socket = await SocketClient.OpenAsync(server, Path, 3);
        Assert.Equal("40", await socket.ReadAsync());
        Assert.Equal("""42["auth",{}]""", await socket.ReadAsync());
        await socket.SendAsync("40");
        await socket.SendAsync("40/custom?token=1");
        Assert.Equal("40/custom,", await socket.ReadAsync());
        Assert.Equal("""42/custom,["auth",{}]""", await socket.ReadAsync());
        await socket.SendAsync("40/nope");
        Assert.Equal("""44/nope,"Invalid namespace" """.TrimEnd(), await socket.ReadAsync());
        await socket.SendAsync("""42/elsewhere,["message"]""");
        await socket.SendAsync("""42["message","é€🚀"]""");
        Assert.Equal("""42["message-back","\u00e9\u20ac\ud83d\ude80"]""", await socket.ReadAsync());
    }

    [Fact]
    public async Task Answers_carry_the_number_and_bytes_follow()
    {
        using var client = await SocketClient.JoinAsync(server, Path);
        await client.ReadAsync();
        await client.SendAsync("""42456["message-with-ack",1,"2",{"3":[false]}]""");
        Assert.Equal("""43456[1,"2",{"3":[false]}]""", await client.ReadAsync());
        await client.SendAsync("""452-789["message-with-ack",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]""");
        await client.SendAsync(1, 2, 3);
        await client.SendAsync(4, 5);

        Assert.Equal("""462-789[{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]""", await client.ReadAsync());
        Assert.Equal("#010203", await client.ReadAsync());
        Assert.Equal("#0405", await client.ReadAsync());
        await client.SendAsync("439[1]");
        await client.SendAsync("""42["unhandled"]""");
        await client.SendAsync("""4212["unhandled"]""");
        await client.SendAsync("""42["message"]""");
        Assert.Equal("""42["message-back"]""", await client.ReadAsync());
    }

    [Fact]
    public async Task Leaving_a_namespace_leaves_the_session()
    {
        using var client = await SocketClient.JoinAsync(server, Path);
        await client.ReadAsync();
        await client.SendAsync("40/custom");
        await client.ReadAsync();
        await client.ReadAsync();
        await client.SendAsync("41/custom,");
        await client.SendAsync("""42["message","main"]""");
        Assert.Equal("""42["message-back","main"]""", await client.ReadAsync());
        await client.SendAsync("41");
        await client.SendAsync("40");
        Assert.StartsWith("40{", await client.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal("""42["auth",{}]""", await client.ReadAsync());
        await client.SendAsync("41");
        await client.SendAsync("""42["message"]""");
        Assert.Null(await client.ReadAsync());
    }

    public static TheoryData<string> Malformed => PacketReaderTests.Malformed;

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Malformed_packets_close(string packet)
    {
        using var client = await SocketClient.JoinAsync(server, Path);
        await client.ReadAsync();
        await client.SendAsync($"4{packet}");

        Assert.Null(await client.ReadAsync());
    }

    [Theory]
    [InlineData("""42["message"]""")]
    [InlineData("41")]
    [InlineData("4abc")]
    public async Task Anything_before_joining_closes(string packet)
    {
        using var client = await SocketClient.OpenAsync(server, Path, 4);
        await client.SendAsync(packet);
        Assert.Null(await client.ReadAsync());
    }

    [Fact]
    public async Task Joining_twice_closes()
    {
        using var client = await SocketClient.JoinAsync(server, Path);
        await client.ReadAsync();
        await client.SendAsync("40");
        Assert.Null(await client.ReadAsync());
    }

    [Fact]
    public async Task Bytes_belong_to_a_packet_and_nothing_comes_between()
    {
        using var stray = await SocketClient.JoinAsync(server, Path);
        await stray.ReadAsync();
        await stray.SendAsync(1, 2);
        Assert.Null(await stray.ReadAsync());

        using var between = await SocketClient.JoinAsync(server, Path);
        await between.ReadAsync();
        await between.SendAsync("""452-["message",{"_placeholder":true,"num":0}]""");
        await between.SendAsync(1, 2);
        await between.SendAsync("""42["message"]""");
        Assert.Null(await between.ReadAsync());
    }

    [Fact]
    public async Task Bytes_of_a_packet_are_bounded_together()
    {
        using var client = await SocketClient.JoinAsync(server, Path);
        await client.ReadAsync();
        await client.SendAsync("""455-["message"]""");
        for (var part = 0; part < 4; part++)
        {
            await client.SendAsync(new byte[1_000_000]);
        }

        await client.SendAsync(new byte[(4 * 1024 * 1024) - 4_000_000 + 1]);
        Assert.Null(await client.ReadAsync());
    }

    [Fact]
    public async Task A_client_that_never_joins_is_closed_in_time()
    {
        await using var own = new SocketIoServer();
        await own.InitializeAsync();
        using var client = await SocketClient.OpenAsync(own, Path, 4);
        using var joined = await SocketClient.JoinAsync(own, Path);
        await joined.ReadAsync();
        own.Time.Advance(TimeSpan.FromSeconds(25));
        Assert.Equal("2", await client.ReadAsync());
        Assert.Equal("2", await joined.ReadAsync());
        await client.SendAsync("3");
        await joined.SendAsync("3");
        await joined.SendAsync("""42["message"]""");
        await joined.ReadAsync();
        own.Time.Advance(TimeSpan.FromSeconds(20) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, own.Connections.Count);
        own.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Null(await client.ReadAsync());
        Assert.Equal(1, own.Connections.Count);
    }
}
