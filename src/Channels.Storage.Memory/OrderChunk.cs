namespace Channels.Storage.Memory;

/// <summary>
/// Messages whose ids lie in one range of <see cref="Span"/>: first by their distance from its start, then, when few are left of it and no
/// more will come, side by side.
/// </summary>
internal sealed class OrderChunk(long firstId, DateTimeOffset startedAt)
{
    /// <summary>How many ids a chunk covers.</summary>
    public const int Span = 256;

    private ChannelMessage?[] _slots = [];
    private bool _isPacked;

    /// <summary>Lowest id that it covers.</summary>
    public long FirstId => firstId;

    /// <summary>When the lowest id was given.</summary>
    public DateTimeOffset StartedAt => startedAt;

    /// <summary>How many messages are left.</summary>
    public int Count { get; private set; }

    /// <summary>The messages, between empty slots.</summary>
    public ReadOnlySpan<ChannelMessage?> Slots => _slots;

    public bool Covers(long id) => id >= firstId && id < firstId + Span;

    public void Add(ChannelMessage message)
    {
        var slot = (int)(message.Id - firstId);
        if (slot >= _slots.Length)
        {
            Array.Resize(ref _slots, Math.Clamp(_slots.Length * 2, slot + 1, Span));
        }

        _slots[slot] = message;
        Count++;
    }

    /// <summary>Removes a message.</summary>
    /// <param name="id">Its id, which has to be there.</param>
    /// <param name="isLast">Whether messages may still be added.</param>
    public void Remove(long id, bool isLast)
    {
        _slots[SlotOf(id)] = null;
        Count--;
        if (!isLast)
        {
            PackIfSparse();
        }
    }

    /// <summary>Gives back the memory of empty slots where that is most of it; nothing may be added afterwards.</summary>
    public void PackIfSparse()
    {
        if (Count == 0)
        {
            _slots = [];
        }
        else if (Count * 4 <= _slots.Length && _slots.Length > 4)
        {
            var packed = new ChannelMessage?[Count];
            var next = 0;
            foreach (var message in _slots)
            {
                if (message is not null)
                {
                    packed[next++] = message;
                }
            }

            (_slots, _isPacked) = (packed, true);
        }
    }

    /// <summary>Where messages with this id or a greater one begin.</summary>
    public int SlotFrom(long id) => _isPacked || id <= firstId ? 0 : (int)Math.Min(id - firstId, _slots.Length);

    // A packed chunk has at most Span / 4 slots.
    private int SlotOf(long id) => _isPacked ? Array.FindIndex(_slots, message => message?.Id == id) : (int)(id - firstId);
}
