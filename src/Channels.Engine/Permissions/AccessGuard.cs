namespace Channels.Engine;

/// <summary>Decides over every operation on the addresses of one instance.</summary>
internal sealed class AccessGuard(string instance, EngineContext context, ChannelResolver resolver) : IDisposable
{
    private long _version;

    /// <summary>Grows with every change of the catalogue that this node has seen.</summary>
    public long Version => Volatile.Read(ref _version);

    public void Dispose() => resolver.Dispose();

    /// <summary>Finds what rules a name.</summary>
    public ValueTask<ResolvedChannel?> ResolveAsync(string name, CancellationToken cancellationToken) =>
        resolver.ResolveAsync(name, cancellationToken);

    /// <summary>Says that a descriptor changed: what was decided before must be decided again.</summary>
    public void Changed(string name)
    {
        // In this order: whoever sees the new version must not find the old descriptor.
        resolver.Forget(name);
        Invalidate();
    }

    /// <summary>Says that what was decided before must be decided again.</summary>
    public void Invalidate() => Interlocked.Increment(ref _version);

    /// <summary>Forgets what is cached about a name that another node has changed.</summary>
    public void Forget(string name) => resolver.Forget(name);

    /// <summary>Decides whether a caller may do something on an address.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="address">The address, in this instance.</param>
    /// <param name="operation">Exactly one operation.</param>
    /// <param name="allRooms">Whether a channel with rooms is meant as a whole; for the host and trusted callers.</param>
    /// <param name="cancellationToken">Abandons the decision.</param>
    public ValueTask<AccessDecision> AuthorizeAsync(
        ChannelCaller caller, ChannelAddress address, ChannelOperations operation, bool allRooms, CancellationToken cancellationToken)
    {
        if (!address.IsValid)
        {
            return new(new AccessDecision(AccessStatus.InvalidAddress));
        }

        var version = Version;
        var resolving = resolver.ResolveAsync(address.Channel, cancellationToken);
        if (resolving.IsCompletedSuccessfully)
        {
            if (resolving.Result?.For(caller.FrontEnd) is not { } resolved)
            {
                return new(new AccessDecision(AccessStatus.NotFound, Version: version));
            }

            var normalized = Normalize(address, resolved);
            if (context.Policy.DecideWithoutRules(caller, resolved, normalized, operation) is { } decided)
            {
                return new(Decision(decided, caller, normalized, resolved, allRooms, version));
            }

            return AskAsync(resolved, caller, normalized, operation, allRooms, version, cancellationToken);
        }

        return ResolveAndAskAsync(resolving, caller, address, operation, allRooms, version, cancellationToken);
    }

    /// <summary>Decides again, by a changed descriptor alone, for somebody who is attached already.</summary>
    public AccessStatus Redecide(ChannelCaller caller, ResolvedChannel channel, in ChannelAddress address, ChannelOperations operation)
    {
        channel = channel.For(caller.FrontEnd);
        if (Normalize(address, channel) != address)
        {
            // The channel has no rooms any more: nothing will ever come here.
            return AccessStatus.NotFound;
        }

        var decided = context.Policy.DecideWithoutRules(caller, channel, address, operation) ?? AccessStatus.Forbidden;
        return Decision(decided, caller, address, channel, allRooms: false, Version).Status;
    }

    private async ValueTask<AccessDecision> ResolveAndAskAsync(
        ValueTask<ResolvedChannel?> resolving,
        ChannelCaller caller,
        ChannelAddress address,
        ChannelOperations operation,
        bool allRooms,
        long version,
        CancellationToken cancellationToken)
    {
        if (await resolving.ConfigureAwait(false) is not { } found)
        {
            return new(AccessStatus.NotFound, Version: version);
        }

        var resolved = found.For(caller.FrontEnd);
        return await AskAsync(resolved, caller, Normalize(address, resolved), operation, allRooms, version, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<AccessDecision> AskAsync(
        ResolvedChannel resolved,
        ChannelCaller caller,
        ChannelAddress normalized,
        ChannelOperations operation,
        bool allRooms,
        long version,
        CancellationToken cancellationToken)
    {
        var decided = await context.Policy.DecideAsync(caller, resolved, normalized, operation, cancellationToken).ConfigureAwait(false);
        return Decision(decided, caller, normalized, resolved, allRooms, version);
    }

    private static AccessDecision Decision(
        AccessStatus status, ChannelCaller caller, in ChannelAddress address, ResolvedChannel channel, bool allRooms, long version)
    {
        if (status == AccessStatus.Allowed && channel.Descriptor.Type == ChannelType.SeparateRooms && address.Room is null
            && !(allRooms && (caller.Kind == CallerKind.Host || AccessPolicy.IsTrusted(caller))))
        {
            status = AccessStatus.RoomRequired;
        }

        return new(status, address, channel, version);
    }

    /// <summary>A channel without rooms ignores the room of an address.</summary>
    private ChannelAddress Normalize(in ChannelAddress address, ResolvedChannel channel) =>
        new(address.Channel, channel.Descriptor.Type == ChannelType.SeparateRooms ? address.Room : null, instance);
}
