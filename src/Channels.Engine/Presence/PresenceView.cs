namespace Channels.Engine;

/// <summary>Who is where, as one caller sees it from one instance.</summary>
internal sealed class PresenceView(ChannelsEngine engine, EngineContext context, ChannelCaller caller, string instanceName) : IChannelPresence
{
    public async ValueTask<PresencePage> ListAsync(ChannelAddress address, string? afterId, int limit, CancellationToken cancellationToken)
    {
        CheckLimit(limit);
        var (access, at) = await FindAsync(address, cancellationToken).ConfigureAwait(false);
        if (at is not { } found)
        {
            return PresencePage.Refused(access);
        }

        var state = found.Instance.Log.GetMembers(found.Address);
        if (state is null)
        {
            return new(AccessStatus.Allowed, 0, 0, [], HasMore: false);
        }

        var first = afterId is null ? 0 : state.Members.IndexOf(new(afterId)) is var index && index < 0 ? ~index : index + 1;
        var count = Math.Min(limit, state.Members.Count - first);
        var page = new PresenceMember[count];
        for (var i = 0; i < count; i++)
        {
            page[i] = state.Members[first + i];
        }

        return new(AccessStatus.Allowed, state.Version, state.Members.Count, page, first + count < state.Members.Count);
    }

    public async ValueTask<OccupancyCount> CountAsync(ChannelAddress address, CancellationToken cancellationToken)
    {
        var (access, at) = await FindAsync(address, cancellationToken).ConfigureAwait(false);
        return at is { } found ? found.Instance.Log.CountOn(found.Address) : new(access);
    }

    public ValueTask<OccupancyPage> ListOccupiedAsync(string prefix, ChannelAddress? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        CheckLimit(limit);
        if (engine.Find(instanceName) is not { } instance)
        {
            return new(OccupancyPage.Refused(AccessStatus.InstanceNotFound));
        }

        return new(context.Policy.IsOperator(caller, instanceName)
            ? instance.Log.ListOccupied(prefix, after, limit)
            : OccupancyPage.Refused(AccessStatus.Forbidden));
    }

    private static void CheckLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IChannelPresence.MaxLimit);
    }

    private async ValueTask<(AccessStatus Access, (Instance Instance, ChannelAddress Address)? At)> FindAsync(
        ChannelAddress address, CancellationToken cancellationToken)
    {
        var name = string.Equals(address.Instance, ChannelAddress.DefaultInstance, StringComparison.Ordinal) ? instanceName : address.Instance;
        if (engine.Find(name) is not { } instance)
        {
            return (AccessStatus.InstanceNotFound, null);
        }

        await instance.Log.OpenAsync(cancellationToken).ConfigureAwait(false);
        var decision = await instance.Guard
            .AuthorizeAsync(caller, address with { Instance = name }, ChannelOperations.Presence, allRooms: false, cancellationToken).ConfigureAwait(false);
        return decision.Status == AccessStatus.Allowed ? (decision.Status, (instance, decision.Address)) : (decision.Status, null);
    }
}
