using System.Diagnostics.CodeAnalysis;

namespace Channels.Storage.Memory;

/// <summary>
/// Addresses by when their next message expires, or earlier. Each is held at most once, under its <see cref="AddressLog.ScheduledAt"/>; other
/// entries are left over and skipped. Guarded by its instance's lock.
/// </summary>
internal sealed class ExpiryIndex
{
    /// <summary>Ticks of an address that is not held.</summary>
    public const long Never = long.MaxValue;

    private const int FewEntries = 64;

    private PriorityQueue<AddressLog, long> _queue = new();
    private int _leftOver;

    /// <summary>Takes note of when a message of an address expires.</summary>
    public void Schedule(AddressLog log, DateTimeOffset expiresAt)
    {
        var ticks = expiresAt.UtcTicks;
        if (ticks >= log.ScheduledAt)
        {
            return;
        }

        Cancel(log);
        log.ScheduledAt = ticks;
        _queue.Enqueue(log, ticks);
    }

    /// <summary>Lets go of an address.</summary>
    public void Cancel(AddressLog log)
    {
        if (log.ScheduledAt == Never)
        {
            return;
        }

        log.ScheduledAt = Never;
        _leftOver++;
        if (_leftOver > FewEntries && _leftOver * 2 > _queue.Count)
        {
            _queue = new(_queue.UnorderedItems.Where(static item => item.Element.ScheduledAt == item.Priority));
            _leftOver = 0;
        }
    }

    /// <summary>Takes an address out that may have expired messages.</summary>
    public bool TryTakeDue(DateTimeOffset now, [NotNullWhen(true)] out AddressLog? log)
    {
        while (_queue.TryPeek(out log, out var ticks) && ticks <= now.UtcTicks)
        {
            _queue.Dequeue();
            if (log.ScheduledAt == ticks)
            {
                log.ScheduledAt = Never;
                return true;
            }

            _leftOver--;
        }

        log = null;
        return false;
    }
}
