using System.Collections.Immutable;

namespace Channels.Engine;

/// <summary>The members of an address at one version, and the change that made it; replaced as a whole, so that both are read together.</summary>
internal sealed class PresenceState(AddressPresence presence, PresenceNode newest, ImmutableSortedSet<PresenceMember> members)
{
    private PresenceSnapshot? _snapshot;
    private PresenceChange? _reset;

    public static readonly ImmutableSortedSet<PresenceMember> NoMembers = ImmutableSortedSet.Create<PresenceMember>(
        Comparer<PresenceMember>.Create(static (left, right) => string.CompareOrdinal(left.Id, right.Id)));

    public PresenceNode Newest => newest;

    public long Version => newest.Version;

    public ImmutableSortedSet<PresenceMember> Members => members;

    /// <summary>Made when somebody asks, once: whoever encodes it can share that too.</summary>
    public PresenceSnapshot Snapshot =>
        _snapshot ?? Interlocked.CompareExchange(ref _snapshot, new(Version, members), null) ?? _snapshot;

    /// <summary>What a watcher gets that missed too much.</summary>
    public PresenceChange Reset =>
        _reset ?? Interlocked.CompareExchange(ref _reset, MakeReset(), null) ?? _reset;

    private PresenceChange MakeReset() =>
        new(presence.Address, Version, PresenceChangeKind.Reset, null) { Snapshot = Snapshot };
}
