namespace Channels.Engine;

/// <summary>
/// What one connection is on one address: of a member, watching, or both. Reading is for the connection's one reader; everything else is guarded by
/// the dispatcher's lock.
/// </summary>
internal sealed class PresenceReader(ChannelConnection connection, ChannelCaller caller, AddressPresence presence)
{
    private PresenceNode _node = PresenceNode.Cut;
    private (PresenceNode Node, PresenceChange Change) _peeked;
    private volatile bool _watches;

    public ChannelConnection Connection => connection;

    /// <summary>Whose permissions count.</summary>
    public ChannelCaller Caller => caller;

    public AddressPresence Presence => presence;

    /// <summary>Its place among those of the address, which guards it; -1 for none.</summary>
    public int Index { get; set; } = -1;

    /// <summary>Of whom it is a connection.</summary>
    public PresentMember? Member { get; private set; }

    /// <summary>Whether it watches whether or not it is of a member.</summary>
    public bool WatchesByItself { get; private set; }

    /// <summary>Whether changes are delivered.</summary>
    public bool Watches => _watches;

    /// <summary>Stands behind everything that a state has.</summary>
    public void StartAt(PresenceState state) => _node = state.Newest;

    public void Set(PresentMember? member, bool watchesAsMember, bool watchesByItself)
    {
        Member = member;
        WatchesByItself = watchesByItself;
        _watches = watchesAsMember || watchesByItself;
    }

    /// <summary>Delivers nothing more, also to a read that is under way.</summary>
    public void Stop() => _watches = false;

    /// <summary>Tells whether something changed that may be told now, and finds out where it stands.</summary>
    /// <param name="bound">Changes behind this position are not looked at yet.</param>
    /// <param name="position">Place of the change.</param>
    public bool TryPeek(long bound, out long position)
    {
        position = 0;

        // In this order: what changed after it was stopped finds that it is.
        if (_node.Next is not { } next || !_watches)
        {
            return false;
        }

        if (next == PresenceNode.Cut)
        {
            var state = presence.State;
            _peeked = (state.Newest, state.Reset);
        }
        else
        {
            _peeked = (next, next.Change!);
        }

        position = _peeked.Node.Position;
        return position <= bound;
    }

    /// <summary>Moves past the change that <see cref="TryPeek"/> found.</summary>
    public PresenceChange Take()
    {
        _node = _peeked.Node;
        return _peeked.Change;
    }
}
