namespace Channels.Engine;

/// <summary>Who is present: every change happens between two ids.</summary>
internal sealed partial class InstanceLog
{
    private const int LookedAtWithoutBreak = 1024;

    /// <summary>Makes a connection one of a member's, or lets it watch.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="decision">What was decided about the address.</param>
    /// <param name="request">Who joins, or that somebody watches.</param>
    /// <param name="result">How it ended.</param>
    /// <returns>Whether the decision still stood; otherwise it must be made again.</returns>
    public bool TryJoin(ChannelConnection connection, in AccessDecision decision, in JoinRequest request, out JoinResult result)
    {
        lock (_gate)
        {
            result = default;
            if (decision.Version != guard.Version)
            {
                return false;
            }

            result = GetFeed_NeedsLock(decision.Address) is { } feed
                ? Join_NeedsLock(connection, feed.Presence ??= new(context, feed, _feeds.PresenceFloor), request)
                : new(AccessStatus.LimitReached);
            return true;
        }
    }

    /// <summary>Ends the membership of a connection; what it watches by itself goes on.</summary>
    /// <returns>Whether it was of a member.</returns>
    public bool Leave(PresenceReader reader, TimeSpan grace)
    {
        lock (_gate)
        {
            if (reader.Index < 0 || reader.Member is not { } member)
            {
                return false;
            }

            if (reader.WatchesByItself)
            {
                reader.Set(null, watchesAsMember: false, watchesByItself: true);
                reader.Presence.Exit_NeedsLock(member, grace, _position);
            }
            else
            {
                End_NeedsLock(reader, grace);
            }

            return true;
        }
    }

    /// <summary>Ends watching; a membership goes on.</summary>
    /// <returns>Whether it watched by itself.</returns>
    public bool Unwatch(PresenceReader reader)
    {
        lock (_gate)
        {
            if (reader.Index < 0 || !reader.WatchesByItself)
            {
                return false;
            }

            if (reader.Member is { } member)
            {
                reader.Set(member, watchesAsMember: false, watchesByItself: false);
            }
            else
            {
                End_NeedsLock(reader, TimeSpan.Zero);
            }

            return true;
        }
    }

    /// <summary>Ends what a closed connection was on its addresses.</summary>
    public void End(ReadOnlySpan<PresenceReader> readers, TimeSpan grace)
    {
        lock (_gate)
        {
            foreach (var reader in readers)
            {
                End_NeedsLock(reader, grace);
            }
        }
    }

    /// <summary>Ends a subscription and a presence because somebody wants it so.</summary>
    /// <returns>Whether there was anything to end.</returns>
    public bool EndOn(AddressReader? reader, PresenceReader? present)
    {
        lock (_gate)
        {
            var ended = reader is { EndReason: AccessStatus.Allowed };
            if (ended)
            {
                reader!.EndAt(_position, AccessStatus.Forbidden);
                reader.Connection.LeaveOut(reader.Feed.Address);
            }

            if (present is { Index: >= 0 })
            {
                End_NeedsLock(present, TimeSpan.Zero);
                ended = true;
            }

            return ended;
        }
    }

    /// <summary>Removes a member that did not come back in time.</summary>
    public void EndGrace(MemberGrace grace)
    {
        lock (_gate)
        {
            if (grace.Member.Grace == grace)
            {
                grace.Presence.Drop_NeedsLock(grace.Member, _position);
            }
        }
    }

    /// <summary>The members that this node holds, on all addresses.</summary>
    public List<PresenceNews> GetOwnMembers()
    {
        lock (_gate)
        {
            return [.. _feeds.All.SelectMany(feed => feed.Presence?.GetOwn_NeedsLock() ?? [])];
        }
    }

    /// <summary>Takes over what changed on other nodes.</summary>
    /// <param name="slice">What changed on any node.</param>
    /// <param name="ownNode">Id of this node, which knows its own changes.</param>
    public void ApplyOthers(PresenceSlice slice, string ownNode)
    {
        lock (_gate)
        {
            if (slice.StartsAnew)
            {
                foreach (var feed in _feeds.All)
                {
                    feed.Presence?.ClearOthers_NeedsLock(_position);
                }
            }

            foreach (var entry in slice.Entries)
            {
                var isForeign = !string.Equals(entry.Node, ownNode, StringComparison.Ordinal);
                var feed = isForeign ? entry.IsPresent ? GetFeed_NeedsLock(entry.Address) : _feeds.Find(entry.Address) : null;
                if (feed is not null)
                {
                    (feed.Presence ??= new(context, feed, _feeds.PresenceFloor)).SetOther_NeedsLock(entry, _position);
                }
            }
        }
    }

    /// <summary>The members of an address, if anybody was there lately.</summary>
    public PresenceState? GetMembers(in ChannelAddress address)
    {
        lock (_gate)
        {
            return _feeds.Find(address)?.Presence?.State;
        }
    }

    public OccupancyCount CountOn(in ChannelAddress address)
    {
        AddressFeed? feed;
        lock (_gate)
        {
            feed = _feeds.Find(address);
        }

        return feed is null
            ? new(AccessStatus.Allowed)
            : new(AccessStatus.Allowed, feed.CountReaders(), feed.Presence?.State.Members.Count ?? 0);
    }

    /// <summary>Lists addresses on which somebody is, in steps, so that publishing is not held up.</summary>
    public OccupancyPage ListOccupied(string prefix, ChannelAddress? after, int limit)
    {
        var page = new List<AddressOccupancy>();
        var looked = new List<AddressFeed>(LookedAtWithoutBreak);
        do
        {
            looked.Clear();
            lock (_gate)
            {
                _feeds.CopyInOrder(looked, prefix, after, LookedAtWithoutBreak);
            }

            foreach (var feed in looked)
            {
                after = feed.Address;
                var found = new AddressOccupancy(feed.Address, feed.CountReaders(), feed.Presence?.State.Members.Count ?? 0);
                if (found.Subscriptions == 0 && found.Members == 0)
                {
                    continue;
                }

                if (page.Count == limit)
                {
                    return new(AccessStatus.Allowed, page, HasMore: true);
                }

                page.Add(found);
            }
        }
        while (looked.Count == LookedAtWithoutBreak);

        return new(AccessStatus.Allowed, page, HasMore: false);
    }

    private JoinResult Join_NeedsLock(ChannelConnection connection, AddressPresence presence, in JoinRequest request)
    {
        var before = connection.FindPresence(presence);
        var member = before?.Member;
        if (request.Member is { } wanted && !presence.TryGetMember_NeedsLock(wanted, request.MaxMembers, out member))
        {
            return new(AccessStatus.LimitReached);
        }

        var reader = new PresenceReader(connection, request.Caller, presence);
        if (!connection.TryAddPresence(reader, before))
        {
            return new(connection.End == ConnectionEnd.None ? AccessStatus.LimitReached : AccessStatus.Draining);
        }

        // The change first, so that reading starts behind what the snapshot has.
        if (member is not null && member != before?.Member)
        {
            presence.Enter_NeedsLock(member, _position);
        }

        var state = presence.State;
        reader.StartAt(state);
        reader.Set(member, request.Member is not null && request.Watches, request.Member is null || before is { WatchesByItself: true });
        presence.Add_NeedsLock(reader);
        if (before is not null)
        {
            presence.Remove_NeedsLock(before);
            if (before.Member is { } former && former != member)
            {
                presence.Exit_NeedsLock(former, TimeSpan.Zero, _position);
            }
        }

        return new(AccessStatus.Allowed, state.Snapshot);
    }

    private void End_NeedsLock(PresenceReader reader, TimeSpan grace)
    {
        if (reader.Index < 0)
        {
            return;
        }

        reader.Connection.ForgetPresence(reader);
        reader.Presence.Remove_NeedsLock(reader);
        if (reader.Member is { } member)
        {
            reader.Presence.Exit_NeedsLock(member, grace, _position);
        }
    }

    /// <summary>Ends the presence of those whom a change of the channel refuses; members in their grace go with a channel that is gone.</summary>
    private void EndRefusedPresence_NeedsLock(AddressFeed feed, Func<ChannelCaller, AccessStatus> refuse, bool isDeleted)
    {
        if (feed.Presence is not { } presence)
        {
            return;
        }

        foreach (var reader in presence.Readers_NeedsLock())
        {
            if (refuse(reader.Caller) != AccessStatus.Allowed)
            {
                End_NeedsLock(reader, TimeSpan.Zero);
            }
        }

        if (isDeleted)
        {
            presence.Clear_NeedsLock(_position);
        }
    }
}
