namespace Channels.Storage.Memory;

/// <summary>All messages of an instance by ascending id. Guarded by its instance's lock.</summary>
/// <remarks>
/// A list of chunks: adding and removing take constant time, and what is removed costs no more than a fixed share of what is left.
/// </remarks>
internal sealed class MessageOrder
{
    private const int FewChunks = 16;

    private readonly List<OrderChunk> _chunks = [];
    private int _emptyChunks;
    private int _recent;

    // Chunks before it are empty.
    private int _first;

    /// <summary>The oldest message, if there is one.</summary>
    public ChannelMessage? First
    {
        get
        {
            for (; _first < _chunks.Count; _first++)
            {
                foreach (var message in _chunks[_first].Slots)
                {
                    if (message is not null)
                    {
                        return message;
                    }
                }

                if (_first == _chunks.Count - 1)
                {
                    return null;
                }
            }

            return null;
        }
    }

    public void Add(ChannelMessage message)
    {
        if (_chunks.Count == 0 || !_chunks[^1].Covers(message.Id))
        {
            Begin(message);
        }

        _chunks[^1].Add(message);
    }

    public void Remove(long id)
    {
        if (_recent >= _chunks.Count || !_chunks[_recent].Covers(id))
        {
            _recent = IndexOf(id);
        }

        var chunk = _chunks[_recent];
        var isLast = _recent == _chunks.Count - 1;
        chunk.Remove(id, isLast);
        if (chunk.Count == 0 && !isLast)
        {
            _emptyChunks++;
            RemoveEmptyChunks();
        }
    }

    /// <summary>Messages behind a position that have not expired.</summary>
    public List<ChannelMessage> ReadAfter(long id, int limit, DateTimeOffset now)
    {
        var messages = new List<ChannelMessage>();
        for (var i = Math.Max(IndexOf(id), 0); i < _chunks.Count; i++)
        {
            var chunk = _chunks[i];
            foreach (var message in chunk.Slots[chunk.SlotFrom(id)..])
            {
                if (message is null || message.Id <= id || message.ExpiresAt <= now)
                {
                    continue;
                }

                messages.Add(message);
                if (messages.Count == limit)
                {
                    return messages;
                }
            }
        }

        return messages;
    }

    /// <summary>The last id that is known to have been given at or before an instant; <see langword="null"/> for none.</summary>
    public long? Find(DateTimeOffset time)
    {
        var (low, high) = (0, _chunks.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = _chunks[middle].StartedAt <= time ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? null : FindIn(_chunks[low - 1], time);
    }

    private static long FindIn(OrderChunk chunk, DateTimeOffset time)
    {
        var found = chunk.FirstId;
        foreach (var message in chunk.Slots)
        {
            if (message is not null && message.CreatedAt > time)
            {
                break;
            }

            found = message?.Id ?? found;
        }

        return found;
    }

    private void Begin(ChannelMessage message)
    {
        if (_chunks.Count > 0)
        {
            _chunks[^1].PackIfSparse();
            _emptyChunks += _chunks[^1].Count == 0 ? 1 : 0;
        }

        _chunks.Add(new(message.Id, message.CreatedAt));
    }

    /// <summary>Index of the last chunk that begins at or before an id; -1 for none.</summary>
    private int IndexOf(long id)
    {
        var (low, high) = (0, _chunks.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = _chunks[middle].FirstId <= id ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }

    private void RemoveEmptyChunks()
    {
        if (_emptyChunks > FewChunks && _emptyChunks * 2 > _chunks.Count)
        {
            var last = _chunks[^1];
            _chunks.RemoveAll(chunk => chunk.Count == 0 && chunk != last);
            (_emptyChunks, _recent, _first) = (0, 0, 0);
        }
    }
}
