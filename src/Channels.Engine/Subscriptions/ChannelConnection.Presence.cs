namespace Channels.Engine;

/// <summary>What the connection is on addresses beside reading them: of a member, or watching the members.</summary>
internal sealed partial class ChannelConnection
{
    private static readonly JoinOptions JoinsAsItself = new();

    public ValueTask<JoinResult> JoinAsync(
        ChannelAddress address, PresenceMember member, JoinOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(member);
        if (!member.HasValidId || !(member.Info.IsEmpty || MessagePayload.IsJson(member.Info.Span)))
        {
            throw new ArgumentException("A member needs an id of 1 to 128 characters, and one JSON value as its info or none.", nameof(member));
        }

        if (member.Info.Length > _context.Options.MaxMemberInfoBytes)
        {
            _context.Metrics.LimitReached("member_info_bytes");
            return new(new JoinResult(AccessStatus.LimitReached));
        }

        options ??= JoinsAsItself;
        return JoinAsync(address, new JoinRequest(options.Caller ?? Caller, member, options.MaxMembers, options.Watches), cancellationToken);
    }

    public ValueTask<JoinResult> WatchMembersAsync(ChannelAddress address, ChannelCaller? caller, CancellationToken cancellationToken) =>
        JoinAsync(address, new JoinRequest(caller ?? Caller, Member: null), cancellationToken);

    public bool Leave(ChannelAddress address, TimeSpan grace) =>
        FindPresence(address) is { } reader && _instance!.Log.Leave(reader, grace);

    public bool UnwatchMembers(ChannelAddress address) =>
        FindPresence(address) is { } reader && _instance!.Log.Unwatch(reader);

    public PresenceReader? FindPresence(AddressPresence presence) =>
        Array.Find(Volatile.Read(ref _presence), reader => reader.Presence == presence);

    /// <summary>Adds what it is on an address; called under the dispatcher's lock.</summary>
    /// <param name="reader">What it is there.</param>
    /// <param name="replaced">What it was there before, if anything.</param>
    /// <returns>Whether the connection is open and has room for it.</returns>
    public bool TryAddPresence(PresenceReader reader, PresenceReader? replaced)
    {
        lock (_gate)
        {
            if (End != ConnectionEnd.None)
            {
                return false;
            }

            if (replaced is null && _presence.Length >= _context.Options.MaxSubscriptions)
            {
                _context.Metrics.LimitReached("presences");
                return false;
            }

            Volatile.Write(ref _presence, [.. _presence.Where(other => other != replaced), reader]);
            return true;
        }
    }

    /// <summary>Forgets what ended; called under the dispatcher's lock.</summary>
    public void ForgetPresence(PresenceReader reader)
    {
        lock (_gate)
        {
            if (_presence.Length > 0)
            {
                Volatile.Write(ref _presence, [.. _presence.Where(other => other != reader)]);
            }
        }
    }

    private PresenceReader? FindPresence(ChannelAddress address)
    {
        var presence = Volatile.Read(ref _presence);
        return Array.Find(presence, reader => reader.Presence.Address == address)
            ?? Array.Find(presence, reader => reader.Presence.Address == address with { Room = null });
    }

    private async ValueTask<JoinResult> JoinAsync(ChannelAddress address, JoinRequest request, CancellationToken cancellationToken)
    {
        var (status, instance) = Enter(address.Instance);
        if (instance is null)
        {
            return new(status);
        }

        await instance.Log.OpenAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var decision = await instance.Guard
                .AuthorizeAsync(request.Caller, address, ChannelOperations.Presence, allRooms: false, cancellationToken).ConfigureAwait(false);
            if (decision.Status != AccessStatus.Allowed)
            {
                return new(decision.Status);
            }

            if (instance.Log.TryJoin(this, decision, request, out var result))
            {
                return result;
            }
        }
    }

    /// <summary>The change among members that comes first, if it may be delivered now.</summary>
    /// <param name="bound">Nothing behind this position is looked at; lowered to the place of the change, which comes behind the messages up to there.</param>
    private PresenceReader? NextPresence(ref long bound)
    {
        PresenceReader? first = null;
        foreach (var reader in Volatile.Read(ref _presence))
        {
            if (reader.TryPeek(bound, out var position) && (first is null || position < bound))
            {
                first = reader;
                bound = position;
            }
        }

        return first;
    }

    private static Delivery Take(PresenceReader reader)
    {
        var change = reader.Take();
        return new(DeliveryKind.Presence, change.Address, Presence: change);
    }
}
