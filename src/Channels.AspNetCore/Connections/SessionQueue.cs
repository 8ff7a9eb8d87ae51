namespace Channels.AspNetCore.Connections;

/// <summary>References to frames in order, in a ring that grows as needed. Places are numbered from 0 on and never again. Not thread-safe.</summary>
internal sealed class SessionQueue
{
    private const int SmallestRing = 8;
    private const int LargestIdleRing = 256;

    private Entry[] _ring = [];

    /// <summary>Place of the oldest frame.</summary>
    public long Head { get; private set; }

    /// <summary>Place of the next frame to come.</summary>
    public long Tail { get; private set; }

    public int Count => (int)(Tail - Head);

    public long Bytes { get; private set; }

    public void Add(Frame frame)
    {
        if (Count == _ring.Length)
        {
            Grow();
        }

        At(Tail++) = new(frame, Batch: 0);
        Bytes += frame.Bytes.Length;
    }

    /// <summary>How many frames from a place on make at most so many bytes; one, if there is any, whatever its size.</summary>
    public int CountWithin(long from, long maxBytes)
    {
        var count = 0;
        for (var place = from; place < Tail; place++, count++)
        {
            maxBytes -= At(place).Frame.Bytes.Length;
            if (maxBytes < 0 && count > 0)
            {
                break;
            }
        }

        return count;
    }

    /// <summary>Copies frames; those that are in no batch yet are in this one from now on.</summary>
    public void CopyTo(Span<Frame> target, long from, long batch)
    {
        for (var i = 0; i < target.Length; i++)
        {
            ref var entry = ref At(from + i);
            target[i] = entry.Frame;
            if (entry.Batch == 0)
            {
                entry = entry with { Batch = batch };
            }
        }
    }

    /// <summary>Lets go of everything before a place.</summary>
    public void DropTo(long place)
    {
        while (Head < place && Head < Tail)
        {
            DropFirst();
        }

        if (Count == 0 && _ring.Length > LargestIdleRing)
        {
            _ring = [];
        }
    }

    /// <summary>Lets go of everything that was first sent with a batch or before it.</summary>
    public void DropThrough(long batch)
    {
        var place = Head;
        while (place < Tail && At(place).Batch is > 0 and var sent && sent <= batch)
        {
            place++;
        }

        DropTo(place);
    }

    private ref Entry At(long place) => ref _ring[place & (_ring.Length - 1)];

    private void DropFirst()
    {
        ref var entry = ref At(Head++);
        Bytes -= entry.Frame.Bytes.Length;
        entry = default;
    }

    private void Grow()
    {
        var ring = new Entry[Math.Max(SmallestRing, _ring.Length * 2)];
        for (var place = Head; place < Tail; place++)
        {
            ring[place & (ring.Length - 1)] = At(place);
        }

        _ring = ring;
    }

    private readonly record struct Entry(Frame Frame, long Batch);
}
