using Channels.AspNetCore.Connections;
using Channels.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Channels.AspNetCore.Tests.Kit;

public sealed class HeartbeatTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_heartbeat_on_its_way_when_the_stream_ends_is_harmless()
    {
        await using var host = ChannelsTestHost.Create(channels => channels.AddChannel("a"));
        await using var connection = host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        await connection.SubscribeAsync("a").Within();
        var settings = new TransportSettings
        {
            Time = host.Time,
            Logger = NullLogger.Instance,
            CloseTimeout = TimeSpan.FromSeconds(1),
            Heartbeat = new(host.Time, Interval),
            Retry = TimeSpan.FromSeconds(3),
        };
        using var body = new MemoryStream();
        var link = Serve(connection, settings, body, out var serving);
        host.Time.Advance(Interval);
        Assert.Equal(":\n\n", System.Text.Encoding.UTF8.GetString(body.ToArray()));

        connection.Close(ConnectionEnd.Closed);
        await serving.Within();
        ((IHeartbeatListener)link).OnBeat();
        host.Time.Advance(Interval);

        Assert.Equal(3, body.Length);
    }

    private static EventStreamLink Serve(IChannelConnection connection, TransportSettings settings, Stream body, out Task serving)
    {
        var lifetime = new ConnectionLifetime(connection, settings, subscriptions: 1, CancellationToken.None);
        var http = new DefaultHttpContext { Response = { Body = body } };
        var link = new EventStreamLink(http, connection, lifetime, settings);
        serving = RunAsync();
        return link;

        // As a front end does: the lifetime ends with the stream.
        async Task RunAsync()
        {
            using (lifetime)
            {
                await link.RunAsync(new WireForm(static (in Delivery _) => "x"u8.ToArray()), default);
            }
        }
    }
}
