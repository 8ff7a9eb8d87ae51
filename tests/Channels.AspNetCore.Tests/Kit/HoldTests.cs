using System.Text;
using Channels.AspNetCore.Connections;
using Channels.Testing;

namespace Channels.AspNetCore.Tests.Kit;

public sealed class HoldTests
{
    [Fact]
    public async Task What_is_queued_during_a_hold_comes_before_what_is_delivered()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        await server.PublishAsync(1);
        Assert.Equal("[1]", Messages(await server.PollAsync(session)));

        var hold = await session.HoldAsync();
        await server.PublishAsync(2, 3);
        session.Enqueue(new Frame(Encoding.UTF8.GetBytes("\"own\""), 0));
        Assert.Equal("[\"own\"]", Messages(await server.PollAsync(session)));
        var waiting = await server.ParkAsync(session);
        await server.PublishAsync(4);
        Assert.False(waiting.IsCompleted);

        hold.Dispose();
        var messages = Messages(await waiting).Trim('[', ']');
        while (messages != "2,3,4")
        {
            messages += $",{Messages(await server.PollAsync(session)).Trim('[', ']')}";
        }
    }

    [Fact]
    public async Task What_a_front_end_queues_while_it_encodes_comes_behind_what_was_read_before()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        session.MessageForm = new TalkativeForm(session);
        await server.PublishAsync(1, 2);

        // Reading starts with the first transport, and reads both at once.
        using var attachment = session.TryAttach()!;
        await ChannelsTestHost.EventuallyAsync(() => session.Queued == 4);
        session.Close();
        var received = new List<string>();
        await attachment.ServeAsync((batch, _) => Frames.Collect(batch, received), maxBytes: 1, default).Within();

        Assert.Equal(["before", "1", "before", "2"], received);
    }

    [Fact]
    public async Task Several_holds_count_and_an_end_needs_none_to_be_over()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        var first = await session.HoldAsync();
        var second = await session.HoldAsync();
        await server.PublishAsync(1);
        first.Dispose();
        var waiting = await server.ParkAsync(session);
        Assert.False(waiting.IsCompleted);
        session.Close();
        Assert.Equal("\"Ended\"", (await waiting).Body);
        second.Dispose();
        await session.Finished.Within();
    }

    [Fact]
    public async Task A_hold_waits_for_a_read_that_is_under_way()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        var numbers = Enumerable.Range(1, 200).ToArray();
        var publishing = server.PublishAsync(numbers);
        for (var i = 0; i < 100; i++)
        {
            using var hold = await session.HoldAsync().AsTask().Within();
            var queued = session.Queued;
            await Task.Yield();
            Assert.Equal(queued, session.Queued);
        }

        await publishing;
        await Testing.ChannelsTestHost.EventuallyAsync(() => session.Queued == numbers.Length);
    }

    private static string Messages(Support.Answer answer) => answer.Json.GetProperty("messages").GetRawText();

    /// <summary>Queues a frame of its own before each message.</summary>
    private sealed class TalkativeForm(Session session) : IDeliveryForm
    {
        public Frame Encode(in Delivery delivery)
        {
            session.Enqueue(WebSocketFraming.Text("before"u8));
            return WebSocketFraming.Text(delivery.Message!.Payload.Span);
        }
    }
}
