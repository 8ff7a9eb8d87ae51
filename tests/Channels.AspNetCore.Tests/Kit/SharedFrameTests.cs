using System.Text;
using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.Tests.Kit;

/// <summary>Encoding once, gathering and writing, without a socket.</summary>
public sealed class SharedFrameTests
{
    private const int RecentFrames = 1024;

    [Fact]
    public void A_message_is_encoded_once_for_all_connections()
    {
        var encoded = 0;
        var form = Form(() => encoded++);
        var first = form.Encode(Frames.Delivery(7, "[1]"));

        var second = form.Encode(Frames.Delivery(7, "[1]"));

        Assert.Equal(1, encoded);
        Assert.True(first.Bytes.Equals(second.Bytes), "The same memory was expected.");
    }

    [Fact]
    public void A_change_among_members_is_encoded_once_for_all_who_watch()
    {
        var encoded = 0;
        var form = new WireForm((in Delivery delivery) =>
        {
            encoded++;
            return Encoding.UTF8.GetBytes($"{delivery.Presence!.Address.Channel} {delivery.Presence.Version}");
        });
        var one = Change("a");
        var other = Change("b");

        var frames = Enumerable.Range(0, 1_000).Select(_ => (form.Encode(one).Text(), form.Encode(other).Text())).Distinct();

        Assert.Equal([("a 7", "b 7")], frames);
        encoded = 0;
        Assert.True(form.Encode(other).Bytes.Equals(form.Encode(other).Bytes), "The same memory was expected.");
        Assert.Equal(0, encoded);

        static Delivery Change(string channel) =>
            new(DeliveryKind.Presence, channel, Presence: new(channel, 7, PresenceChangeKind.Added, new("ann")));
    }

    [Fact]
    public void A_displaced_frame_is_encoded_again_and_is_right()
    {
        var encoded = 0;
        var form = Form(() => encoded++);
        var deliveries = Enumerable.Range(0, RecentFrames * 2).Select(id => Frames.Delivery(id, $"[{id}]")).ToArray();
        foreach (var delivery in deliveries)
        {
            Assert.Equal(delivery.Message!.PayloadText(), form.Encode(delivery).Text());
        }

        Assert.Equal("[0]", form.Encode(deliveries[0]).Text());
        Assert.Equal($"[{RecentFrames}]", form.Encode(deliveries[RecentFrames]).Text());
        Assert.Equal((RecentFrames * 2) + 2, encoded);
        Assert.Equal("[5000]", form.Encode(Frames.Delivery(5000, "[5000]")).Text());
    }

    [Fact]
    public void Instances_do_not_share_frames_and_large_frames_do_not_displace_small_ones()
    {
        var form = Form(() => { });
        var large = $"\"{new string('x', 20_000)}\"";
        var small = form.Encode(Frames.Delivery(3, "[3]"));
        var other = new Delivery(DeliveryKind.Message, new("kit", null, "other"), Frames.Message(3, "[4]") with { Address = new("kit", null, "other") });

        Assert.Equal(large, form.Encode(Frames.Delivery(3 + RecentFrames, large)).Text());
        Assert.True(small.Bytes.Equals(form.Encode(Frames.Delivery(3, "[3]")).Bytes), "The same memory was expected.");
        Assert.Equal("[4]", form.Encode(other).Text());
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(125, 2)]
    [InlineData(126, 4)]
    [InlineData(65_535, 4)]
    [InlineData(65_536, 10)]
    public void A_frame_has_the_header_of_its_size(int size, int header)
    {
        var frame = WebSocketFraming.Text(new byte[size]);
        Assert.Equal(header, frame.HeaderBytes);
        Assert.Equal(size, frame.Content.Length);
        Assert.Equal(0x81, frame.Bytes.Span[0]);
    }

    [Fact]
    public void A_single_frame_is_written_as_it_is()
    {
        var batch = new FrameBatch();
        Assert.True(batch.IsEmpty);
        ReadOnlyMemory<byte> frame = "one"u8.ToArray();

        Assert.True(batch.TryAdd(frame));

        Assert.True(batch.Bytes.Equals(frame));
        batch.Clear();
        Assert.True(batch.IsEmpty);
    }

    [Fact]
    public void Several_frames_are_gathered_in_order()
    {
        var batch = new FrameBatch();
        Assert.All(["one", "two", "three"], text => Assert.True(batch.TryAdd(Encoding.UTF8.GetBytes(text))));

        Assert.Equal("onetwothree", Encoding.UTF8.GetString(batch.Bytes.Span));
        batch.Clear();
        Assert.True(batch.TryAdd("again"u8.ToArray()));
        Assert.Equal("again", Encoding.UTF8.GetString(batch.Bytes.Span));
    }

    [Theory]
    [InlineData(1, 16 * 1024, false)]
    [InlineData(1, (16 * 1024) - 1, true)]
    [InlineData(200_000, 1, false)]
    public void What_has_no_room_is_not_added(int first, int second, bool fits)
    {
        var batch = new FrameBatch();
        Assert.True(batch.TryAdd(new byte[first]));
        Assert.Equal(first >= 12 * 1024, batch.IsFull);

        Assert.Equal(fits, batch.TryAdd(new byte[second]));

        Assert.Equal(fits ? first + second : first, batch.Bytes.Length);
        batch.Clear();
    }

    [Fact]
    public async Task Concurrent_writers_never_cut_into_each_others_frames()
    {
        const int Writers = 8;
        const int Writes = 200;
        using var inner = new CarefulStream();
        using var stream = new UpgradedStream(inner);

        await Task.WhenAll(Enumerable.Range(1, Writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < Writes; i++)
            {
                await stream.WriteAsync(new[] { (byte)writer, (byte)i });
            }
        }))).Within();

        Assert.Equal(0, inner.Overlaps);
        var written = inner.ToArray().Chunk(2).ToArray();
        Assert.Equal(Writers * Writes, written.Length);
        Assert.All(written.GroupBy(frame => frame[0]), frames =>
            Assert.Equal(Enumerable.Range(0, Writes).Select(i => (byte)i), frames.Select(frame => frame[1])));
    }

    [Fact]
    public async Task A_write_that_fails_lets_the_next_one_through()
    {
        using var inner = new CarefulStream { Fails = true };
        using var stream = new UpgradedStream(inner);
        await Assert.ThrowsAsync<IOException>(() => stream.WriteAsync(new byte[1]).AsTask());
        inner.Fails = false;

        await stream.WriteAsync(new byte[] { 5 }).Within();

        Assert.Equal([5], inner.ToArray());
    }

    private static WireForm Form(Action onEncode) => new(
        (in Delivery delivery) =>
        {
            onEncode();
            return delivery.Message!.Payload;
        },
        Framing.WebSocketText);

    /// <summary>Writes byte by byte, sometimes later, and notes when a write begins before another has ended.</summary>
    private sealed class CarefulStream : MemoryStream
    {
        private int _writing;
        private int _writes;

        public int Overlaps { get; private set; }

        public bool Fails { get; set; }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Fails)
            {
                throw new IOException("Broken.");
            }

            Overlaps += Interlocked.Exchange(ref _writing, 1);
            for (var i = 0; i < buffer.Length; i++)
            {
                WriteByte(buffer.Span[i]);
                if (++_writes % 3 == 0)
                {
                    await Task.Yield();
                }
            }

            Interlocked.Exchange(ref _writing, 0);
        }
    }
}
