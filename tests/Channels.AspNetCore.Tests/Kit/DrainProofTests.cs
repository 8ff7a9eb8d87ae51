using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.Tests.Kit;

/// <summary>When a client has shown that nothing is on its way to it.</summary>
public sealed class DrainProofTests
{
    private static readonly byte[] Frame = [0x81, 0x01, (byte)'x'];

    [Fact]
    public void Nothing_is_shown_before_anything_was_written()
    {
        var proof = new DrainProof();
        proof.OnReceived(Pong(new byte[16]));
        Assert.False(proof.IsGiven);
    }

    [Fact]
    public void An_answer_counts_until_something_is_written()
    {
        var proof = new DrainProof();
        var ping = proof.OnWritten(Frame);
        Assert.False(proof.IsGiven);
        proof.OnReceived(Pong(ping.Span[2..].ToArray()));
        Assert.True(proof.IsGiven);

        proof.OnWritten(Frame);

        Assert.False(proof.IsGiven);
    }

    [Fact]
    public void It_asks_once_at_a_time_and_ever_more_rarely()
    {
        var proof = new DrainProof();
        var asked = new List<int>();
        for (var write = 1; write <= 40; write++)
        {
            if (proof.OnWritten(Frame) is { IsEmpty: false } ping)
            {
                asked.Add(write);

                // Each answer is late by one write.
                var answer = Pong(ping.Span[2..].ToArray());
                Assert.True(proof.OnWritten(Frame).IsEmpty);
                write++;
                proof.OnReceived(answer);
            }
        }

        Assert.Equal([1, 3, 6, 12, 24], asked);
        Assert.False(proof.IsGiven);
    }

    [Fact]
    public void An_old_answer_is_none()
    {
        var proof = new DrainProof();
        var first = Pong(proof.OnWritten(Frame).Span[2..].ToArray());
        proof.OnReceived(first);
        Assert.True(proof.IsGiven);
        Assert.False(proof.OnWritten(Frame).IsEmpty);

        proof.OnReceived(first);

        Assert.False(proof.IsGiven);
    }

    [Fact]
    public void Nothing_is_asked_behind_a_close()
    {
        var proof = new DrainProof();
        Assert.True(proof.OnWritten([0x88, 0x02, 0x03, 0xE8]).IsEmpty);
        Assert.True(proof.OnWritten(Frame).IsEmpty);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_pong_is_found_among_other_frames_however_they_are_cut(int seed)
    {
        var random = new Random(seed);
        var (sent, bytes) = (new List<byte[]>(), new List<byte>());
        for (var i = 0; i < 200; i++)
        {
            if (random.Next(3) == 0)
            {
                sent.Add(Random(random, 16));
                bytes.AddRange(Pong(sent[^1], random));
            }
            else
            {
                // Texts, pings and pongs of other lengths; some with the long forms of the length.
                var length = random.Next(4) switch { 0 => random.Next(126), 1 => random.Next(126, 300), 2 => random.Next(65_536, 70_000), _ => 0 };
                bytes.AddRange(Masked(length == 16 ? 0x89 : random.Next(2) == 0 ? 0x81 : 0x8A, Random(random, length), random));
            }
        }

        var scanner = new PongScanner(16);
        var found = new List<byte[]>();
        for (var start = 0; start < bytes.Count;)
        {
            var length = Math.Min(random.Next(40) == 0 ? random.Next(100_000) : random.Next(1, 40), bytes.Count - start);
            ReadOnlySpan<byte> part = bytes.GetRange(start, length).ToArray();
            start += length;
            while (scanner.TryFind(ref part))
            {
                found.Add(scanner.Content.ToArray());
            }
        }

        Assert.Equal(sent, found);
    }

    private static byte[] Pong(byte[] content, Random? random = null) => Masked(0x8A, content, random ?? new Random(0));

    private static byte[] Masked(int first, byte[] content, Random random)
    {
        var mask = Random(random, 4);
        byte[] length = content.Length switch
        {
            <= 125 => [(byte)(0x80 | content.Length)],
            <= 65_535 => [0xFE, (byte)(content.Length >> 8), (byte)content.Length],
            _ => [0xFF, 0, 0, 0, 0, 0, (byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length],
        };
        return [(byte)first, .. length, .. mask, .. content.Select((value, place) => (byte)(value ^ mask[place % 4]))];
    }

    private static byte[] Random(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
