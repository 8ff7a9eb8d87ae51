using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Channels.Engine;

/// <summary>
/// Who is present on one address. Changed only under the dispatcher's lock, so that each change has its place between two messages; a change costs
/// the watchers a wake-up each, and the publisher nothing.
/// </summary>
internal sealed class AddressPresence : IThreadPoolWorkItem
{
    private readonly EngineContext _context;
    private readonly Dictionary<string, PresentMember> _members = new(StringComparer.Ordinal);

    // Guards the list alone, which is copied for waking.
    private readonly Lock _gate = new();
    private readonly List<PresenceReader> _readers = [];
    private volatile PresenceState _state;
    private PresenceNode _oldest;
    private int _wakeQueued;

    public AddressPresence(EngineContext context, AddressFeed feed, long version)
    {
        _context = context;
        Feed = feed;
        _oldest = new(null, version, 0);
        _state = new(this, _oldest, PresenceState.NoMembers);
    }

    public AddressFeed Feed { get; }

    public ChannelAddress Address => Feed.Address;

    public PresenceState State => _state;

    public bool IsEmpty_NeedsLock => _members.Count == 0 && _readers.Count == 0;

    /// <summary>Wakes those who watch; runs on the pool.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        Interlocked.Exchange(ref _wakeQueued, 0);
        PresenceReader[] readers;
        int count;
        lock (_gate)
        {
            count = _readers.Count;
            readers = ArrayPool<PresenceReader>.Shared.Rent(count);
            _readers.CopyTo(readers);
        }

        var chain = new WakeChain(_context.Woken);
        for (var i = 0; i < count; i++)
        {
            if (readers[i].Watches)
            {
                readers[i].Connection.Wake(ref chain);
            }
        }

        ArrayPool<PresenceReader>.Shared.Return(readers, clearArray: true);
        chain.ContinueRest();
    }

    /// <summary>The entry of a member, or a new one where there is room for it.</summary>
    public bool TryGetMember_NeedsLock(PresenceMember wanted, int maxMembers, [NotNullWhen(true)] out PresentMember? member)
    {
        if (_members.TryGetValue(wanted.Id, out member))
        {
            return true;
        }

        if (_members.Count >= _context.Options.MaxMembersPerAddress)
        {
            _context.Metrics.LimitReached("members_per_address");
            return false;
        }

        if (_members.Count >= maxMembers)
        {
            return false;
        }

        member = new(wanted with { Info = wanted.Info.ToArray() });
        return true;
    }

    public void Add_NeedsLock(PresenceReader reader)
    {
        lock (_gate)
        {
            reader.Index = _readers.Count;
            _readers.Add(reader);
        }
    }

    public void Remove_NeedsLock(PresenceReader reader)
    {
        reader.Stop();
        lock (_gate)
        {
            if (reader.Index < 0)
            {
                return;
            }

            // The last one takes its place: many may leave at once.
            var last = _readers[^1];
            _readers[reader.Index] = last;
            last.Index = reader.Index;
            reader.Index = -1;
            _readers.RemoveAt(_readers.Count - 1);
        }

        Feed.Used();
    }

    /// <summary>Counts one more connection of a member.</summary>
    /// <param name="member">The member.</param>
    /// <param name="position">Where the change stands, if it is one.</param>
    public void Enter_NeedsLock(PresentMember member, long position)
    {
        member.Connections++;
        if (member.Grace is { } grace)
        {
            _context.Deadlines.Remove(grace);
            member.Grace = null;
        }

        if (!member.IsOwn)
        {
            member.IsOwn = true;
            _context.SharedPresence?.Tell(Address, member.Member, isPresent: true);
        }

        Add_NeedsLock(member, position);
    }

    /// <summary>Takes note that another node holds a member, or no longer does.</summary>
    public void SetOther_NeedsLock(PresenceEntry entry, long position)
    {
        if (entry.IsPresent)
        {
            var member = _members.GetValueOrDefault(entry.Member.Id) ?? new(entry.Member);
            (member.Others ??= new(StringComparer.Ordinal)).Add(entry.Node);
            Add_NeedsLock(member, position);
        }
        else if (_members.TryGetValue(entry.Member.Id, out var member) && member.Others?.Remove(entry.Node) == true)
        {
            RemoveIfGone_NeedsLock(member, position);
        }
    }

    /// <summary>Forgets what other nodes hold.</summary>
    public void ClearOthers_NeedsLock(long position)
    {
        foreach (var member in _members.Values)
        {
            if (member.Others is { Count: > 0 } others)
            {
                others.Clear();
                RemoveIfGone_NeedsLock(member, position);
            }
        }
    }

    /// <summary>The members that this node holds.</summary>
    public IEnumerable<PresenceNews> GetOwn_NeedsLock() =>
        _members.Values.Where(member => member.IsOwn).Select(member => new PresenceNews(Address, member.Member, IsPresent: true));

    /// <summary>Counts one connection of a member less.</summary>
    /// <param name="member">The member.</param>
    /// <param name="grace">How long it stays without one.</param>
    /// <param name="position">Where the change stands, if it is one.</param>
    public void Exit_NeedsLock(PresentMember member, TimeSpan grace, long position)
    {
        if (--member.Connections > 0)
        {
            return;
        }

        if (grace > TimeSpan.Zero && !_context.IsDraining)
        {
            member.Grace = new(this, member);
            _context.Deadlines.Add(member.Grace, grace);
            return;
        }

        Drop_NeedsLock(member, position);
    }

    /// <summary>Lets go of a member whose time is over on this node.</summary>
    public void Drop_NeedsLock(PresentMember member, long position)
    {
        member.Grace = null;
        member.IsOwn = false;
        _context.SharedPresence?.Tell(Address, member.Member, isPresent: false);
        RemoveIfGone_NeedsLock(member, position);
    }

    public PresenceReader[] Readers_NeedsLock()
    {
        lock (_gate)
        {
            return [.. _readers];
        }
    }

    /// <summary>Removes every member whatever connections it has, because the channel is gone.</summary>
    public void Clear_NeedsLock(long position)
    {
        foreach (var member in _members.Values)
        {
            if (member.Grace is { } grace)
            {
                _context.Deadlines.Remove(grace);
                Drop_NeedsLock(member, position);
            }
        }
    }

    private void Add_NeedsLock(PresentMember member, long position)
    {
        if (!_members.TryAdd(member.Member.Id, member))
        {
            return;
        }

        if (_members.Count == 1)
        {
            Feed.MembersChanged(arePresent: true);
        }

        Change_NeedsLock(PresenceChangeKind.Added, member.Member, position);
    }

    private void RemoveIfGone_NeedsLock(PresentMember member, long position)
    {
        if (!member.IsGone || !_members.Remove(member.Member.Id))
        {
            return;
        }

        Change_NeedsLock(PresenceChangeKind.Removed, member.Member, position);
        if (_members.Count == 0)
        {
            Feed.MembersChanged(arePresent: false);
        }

        Feed.Used();
    }

    private void Change_NeedsLock(PresenceChangeKind kind, PresenceMember member, long position)
    {
        var version = _state.Version + 1;
        var node = new PresenceNode(new(Address, version, kind, member), version, position);
        var members = kind == PresenceChangeKind.Added ? _state.Members.Add(member) : _state.Members.Remove(member);
        var newest = _state.Newest;
        _state = new(this, node, members);
        newest.Next = node;
        while (version - _oldest.Version > _context.Options.MaxPresenceChanges)
        {
            var next = _oldest.Next!;
            _oldest.Next = PresenceNode.Cut;
            _oldest = next;
        }

        Tell(kind == PresenceChangeKind.Added ? ChannelEventKinds.MemberAdded : ChannelEventKinds.MemberRemoved, member);
        _context.Metrics.MembersChanged(kind == PresenceChangeKind.Added ? 1 : -1);
        if (_readers.Count > 0 && Interlocked.Exchange(ref _wakeQueued, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void Tell(ChannelEventKinds kind, PresenceMember member)
    {
        if (_context.Events.Wants(kind))
        {
            _context.Events.Report(_context.Events.Now(kind, Address) with { Member = member });
        }
    }
}
