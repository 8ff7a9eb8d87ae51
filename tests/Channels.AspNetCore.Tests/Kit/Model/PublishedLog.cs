namespace Channels.AspNetCore.Tests.Kit.Model;

/// <summary>What was published, and a clock that orders it against what clients were answered.</summary>
internal sealed class PublishedLog
{
    private readonly Lock _gate = new();
    private readonly List<PublishedMessage> _messages = [];
    private long _clock;

    /// <summary>A later number each time.</summary>
    public long Tick() => Interlocked.Increment(ref _clock);

    public void Add(PublishedMessage message)
    {
        lock (_gate)
        {
            _messages.Add(message);
        }
    }

    /// <summary>Any id that is known already; 0 for none.</summary>
    public long AnyId(Random random)
    {
        lock (_gate)
        {
            return _messages.Count == 0 ? 0 : _messages[random.Next(_messages.Count)].Id;
        }
    }

    /// <summary>Everything, in the order of ids.</summary>
    public PublishedMessage[] Sorted()
    {
        lock (_gate)
        {
            return [.. _messages.OrderBy(message => message.Id)];
        }
    }
}
