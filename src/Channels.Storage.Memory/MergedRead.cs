namespace Channels.Storage.Memory;

/// <summary>Reads parts of several addresses as one sequence by id. Guarded by their instance's lock.</summary>
internal sealed class MergedRead(DateTimeOffset now, int limit, bool oldestFirst)
{
    private readonly List<Part> _parts = [];

    /// <summary>Adds an address.</summary>
    /// <param name="log">Its messages.</param>
    /// <param name="from">Index of the first message to read.</param>
    /// <param name="to">Index behind the last one.</param>
    public void Add(AddressLog log, int from, int to)
    {
        if (from < to)
        {
            _parts.Add(oldestFirst ? new(log, from, to, 1) : new(log, to - 1, from - 1, -1));
        }
    }

    /// <summary>Reads the messages that have not expired, up to the limit.</summary>
    public IReadOnlyList<ChannelMessage> Read() => _parts.Count switch
    {
        0 => [],
        1 => ReadOne(_parts[0]),
        _ => ReadAll(),
    };

    private List<ChannelMessage> ReadOne(Part part)
    {
        var messages = new List<ChannelMessage>();
        for (; part.HasMore && messages.Count < limit; part = part.Next)
        {
            AddVisible(messages, part.Message);
        }

        return messages;
    }

    private List<ChannelMessage> ReadAll()
    {
        var messages = new List<ChannelMessage>();
        var queue = new PriorityQueue<Part, long>(_parts.Select(static part => (part, part.Rank)));
        while (messages.Count < limit && queue.TryDequeue(out var part, out _))
        {
            AddVisible(messages, part.Message);
            if (part.Next is { HasMore: true } next)
            {
                queue.Enqueue(next, next.Rank);
            }
        }

        return messages;
    }

    private void AddVisible(List<ChannelMessage> messages, ChannelMessage message)
    {
        if (message.ExpiresAt > now)
        {
            messages.Add(message);
        }
    }

    private readonly record struct Part(AddressLog Log, int Index, int End, int Step)
    {
        public bool HasMore => Index != End;

        public ChannelMessage Message => Log[Index];

        public long Rank => Step * Message.Id;

        public Part Next => this with { Index = Index + Step };
    }
}
