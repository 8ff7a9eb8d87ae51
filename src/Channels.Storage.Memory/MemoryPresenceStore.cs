namespace Channels.Storage.Memory;

/// <summary>Presence of engines that share it in one process.</summary>
/// <param name="time">Its clock; leases end by it.</param>
public sealed class MemoryPresenceStore(TimeProvider time) : IPresenceStore
{
    private static readonly TimeSpan AbsencesKept = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _leases = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Node, ChannelAddress Address, string Member), Row> _rows = [];
    private readonly SortedDictionary<long, Row> _bySequence = [];
    private readonly Queue<(DateTimeOffset At, Row Row)> _absences = new();
    private long _sequence;
    private long _forgottenThrough;

    /// <inheritdoc/>
    public ValueTask<bool> RenewAsync(string node, TimeSpan lease, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            EndLeases_NeedsLock();
            var had = _leases.ContainsKey(node);
            _leases[node] = time.GetUtcNow() + lease;
            return new(had);
        }
    }

    /// <inheritdoc/>
    public ValueTask AddAsync(string node, ChannelAddress address, PresenceMember member, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(member);
        lock (_gate)
        {
            EndLeases_NeedsLock();
            if (_leases.ContainsKey(node) && !(_rows.TryGetValue((node, address, member.Id), out var row) && row.Entry.IsPresent))
            {
                Write_NeedsLock(new(0, node, address, member, IsPresent: true));
            }
        }

        return default;
    }

    /// <inheritdoc/>
    public ValueTask RemoveAsync(string node, ChannelAddress address, string memberId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_rows.TryGetValue((node, address, memberId), out var row) && row.Entry.IsPresent)
            {
                Write_NeedsLock(row.Entry with { IsPresent = false });
            }
        }

        return default;
    }

    /// <inheritdoc/>
    public ValueTask EndAsync(string node, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            End_NeedsLock(node);
        }

        return default;
    }

    /// <inheritdoc/>
    public ValueTask<PresenceSlice> ReadAfterAsync(string instance, long after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        lock (_gate)
        {
            EndLeases_NeedsLock();
            ForgetAbsences_NeedsLock();
            var startsAnew = after > 0 && after < _forgottenThrough;
            var entries = new List<PresenceEntry>();
            foreach (var (sequence, row) in _bySequence)
            {
                if ((sequence <= after && !startsAnew) || !string.Equals(row.Entry.Address.Instance, instance, StringComparison.Ordinal))
                {
                    continue;
                }

                if (entries.Count == limit && !startsAnew)
                {
                    return new(new PresenceSlice(entries, entries[^1].Sequence));
                }

                entries.Add(row.Entry);
            }

            return new(new PresenceSlice(entries, _sequence, startsAnew));
        }
    }

    private void EndLeases_NeedsLock()
    {
        var now = time.GetUtcNow();
        foreach (var (node, until) in _leases)
        {
            if (until <= now)
            {
                End_NeedsLock(node);
            }
        }
    }

    private void End_NeedsLock(string node)
    {
        if (!_leases.Remove(node))
        {
            return;
        }

        foreach (var row in _bySequence.Values.Where(row => row.Entry.IsPresent && row.Entry.Node == node).ToArray())
        {
            Write_NeedsLock(row.Entry with { IsPresent = false });
        }
    }

    private void Write_NeedsLock(PresenceEntry entry)
    {
        var key = (entry.Node, entry.Address, entry.Member.Id);
        if (_rows.Remove(key, out var before))
        {
            _bySequence.Remove(before.Entry.Sequence);
        }

        var row = new Row(entry with { Sequence = ++_sequence });
        _rows.Add(key, row);
        _bySequence.Add(_sequence, row);
        if (!entry.IsPresent)
        {
            _absences.Enqueue((time.GetUtcNow(), row));
        }
    }

    private void ForgetAbsences_NeedsLock()
    {
        var now = time.GetUtcNow();
        while (_absences.TryPeek(out var oldest) && now - oldest.At >= AbsencesKept)
        {
            _absences.Dequeue();
            var entry = oldest.Row.Entry;
            if (_bySequence.TryGetValue(entry.Sequence, out var row) && row == oldest.Row)
            {
                _bySequence.Remove(entry.Sequence);
                _rows.Remove((entry.Node, entry.Address, entry.Member.Id));
                _forgottenThrough = entry.Sequence;
            }
        }
    }

    private sealed class Row(PresenceEntry entry)
    {
        public PresenceEntry Entry => entry;
    }
}
