using Channels.AspNetCore.Connections;
using Channels.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Channels.AspNetCore.Tests.Kit;

/// <summary>A session served as a streamed response: at most 1,000 bytes each, a heartbeat every 25 seconds.</summary>
public sealed class SessionStreamTests
{
    [Fact]
    public async Task Frames_are_written_as_they_come()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        await server.PublishAsync(1);
        await using var stream = await server.StreamAsync(session);

        Assert.Equal(KitWire.StreamType, $"{stream.Response.Content.Headers.ContentType}", ignoreCase: true);
        Assert.Equal("no-store, no-cache", $"{stream.Response.Headers.CacheControl}");
        Assert.True(stream.Response.Headers.TransferEncodingChunked);
        Assert.Equal("o1", await stream.ReadAsync(2));
        await server.PublishAsync(2);
        Assert.Equal("2", await stream.ReadAsync(1));
        await server.PublishAsync(3, 4);
        Assert.Equal("34", await stream.ReadAsync(2));
        await ChannelsTestHost.EventuallyAsync(() => session.Queued == 0);
    }

    [Fact]
    public async Task A_response_that_is_long_enough_ends_and_the_next_one_goes_on()
    {
        await using var server = await KitServer.StartAsync();

        // All 200 may be published before any is read.
        server.Wire.MaxLagMessages = 1000;
        var session = await server.OpenAsync();
        for (var first = 100_000; first < 100_800; first += 200)
        {
            var numbers = Enumerable.Range(first, 200).ToArray();
            await using var stream = await server.StreamAsync(session);
            Assert.Equal("o", await stream.ReadAsync(1));
            var publishing = server.PublishAsync(numbers);

            // 1,000 bytes are 167 of them, and what comes meanwhile; the next response has the rest.
            var text = await stream.ReadToEndAsync();
            Assert.EndsWith("bye:Released", text, StringComparison.Ordinal);
            text = text[..^"bye:Released".Length];
            Assert.InRange(text.Length, 167 * 6, 200 * 6);
            await publishing.Within();
            var rest = 200 - (text.Length / 6);
            await ChannelsTestHost.EventuallyAsync(() => session.Queued == rest);
            if (rest > 0)
            {
                await using var next = await server.StreamAsync(session);
                text += (await next.ReadAsync(1 + (rest * 6)))[1..];
                await ChannelsTestHost.EventuallyAsync(() => session.Queued == 0);
            }

            Assert.Equal(string.Concat(numbers), text);
        }
    }

    [Fact]
    public async Task A_newer_response_takes_over_and_nothing_is_lost_or_repeated()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        await using var older = await server.StreamAsync(session);
        await server.PublishAsync(1);
        Assert.Equal("o1", await older.ReadAsync(2));

        await using var newer = await server.StreamAsync(session);
        Assert.Equal("bye:Replaced", await older.ReadToEndAsync());
        await server.PublishAsync(2);

        Assert.Equal("o2", await newer.ReadAsync(2));
    }

    [Fact]
    public async Task A_poll_takes_over_a_response_and_a_response_a_poll()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        await using var stream = await server.StreamAsync(session);
        var poll = await server.ParkAsync(session);
        Assert.Equal("obye:Replaced", await stream.ReadToEndAsync());

        await using var next = await server.StreamAsync(session);
        (await poll).Expect(200, "\"Replaced\"");
        await server.PublishAsync(1);

        Assert.Equal("o1", await next.ReadAsync(2));
    }

    [Fact]
    public async Task An_idle_response_carries_heartbeats()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        await using var stream = await server.StreamAsync(session);
        Assert.Equal("o", await stream.ReadAsync(1));
        for (var i = 0; i < 3; i++)
        {
            server.Time.Advance(KitWire.BeatInterval);
            Assert.Equal("h", await stream.ReadAsync(1));
        }
    }

    [Fact]
    public async Task Heartbeats_do_not_pile_up_and_never_end_a_session()
    {
        await using var server = await KitServer.StartAsync(maxQueuedFrames: 2);
        var session = await server.OpenAsync();
        var beat = WebSocketFraming.Text("h"u8);

        Assert.True(session.EnqueueIfIdle(beat));
        Assert.True(session.EnqueueIfIdle(beat));
        Assert.Equal(1, session.Queued);

        await server.PublishAsync(1);
        await ChannelsTestHost.EventuallyAsync(() => session.Queued == 2);
        Assert.True(session.EnqueueIfIdle(beat));
        Assert.Equal(SessionEnd.None, session.End);
        session.Close();
        Assert.False(session.EnqueueIfIdle(beat));
    }

    [Fact]
    public async Task A_client_that_leaves_starts_the_expiry_and_keeps_what_it_missed()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        await using (var stream = await server.StreamAsync(session))
        {
            Assert.Equal("o", await stream.ReadAsync(1));
        }

        await ChannelsTestHost.EventuallyAsync(() => session.TryAttach(takeOver: false) is { } free && Free(free));
        await server.PublishAsync(1);
        (await server.PollAsync(session)).Expect(200, """{"batch":0,"messages":[1]}""");

        await server.AdvanceUntilAsync(() => session.End != SessionEnd.None, TimeSpan.FromSeconds(1));
        Assert.Equal(SessionEnd.Expired, session.End);
    }

    [Fact]
    public async Task A_response_that_its_client_does_not_take_is_cut_some_time_after_the_session_ended()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        using var attachment = session.TryAttach()!;
        var http = new DefaultHttpContext { Response = { Body = new StuckStream() } };
        http.Features.Set<IHttpRequestLifetimeFeature>(new Lifetime());
        var serving = new SessionStreamLink(http, attachment, new() { ContentType = KitWire.StreamType }).RunAsync("o"u8.ToArray());
        session.Enqueue(WebSocketFraming.Text("1"u8));

        session.Close();
        server.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(serving.IsCompleted);
        server.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(SessionSignal.ClientLeft, await serving.Within());
        Assert.True(http.RequestAborted.IsCancellationRequested);
    }

    private static bool Free(SessionAttachment attachment)
    {
        attachment.Dispose();
        return true;
    }

    /// <summary>A connection whose other end takes nothing.</summary>
    private sealed class StuckStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken));
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public void Abort() => RequestAborted = new(canceled: true);
    }
}
