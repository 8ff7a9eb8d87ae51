namespace Channels.Engine;

/// <summary>The engine as one caller sees it, from one instance.</summary>
internal sealed class ChannelsView(ChannelsEngine engine, EngineContext context, ChannelCaller caller, string instance) : IChannels
{
    private DataObjectsView? _objects;

    public IChannelCatalog Catalog => field ??= new CatalogView(engine, context, caller, instance);

    public IChannelPresence Presence => field ??= new PresenceView(engine, context, caller, instance);

    /// <summary>Made when it is wanted: most views are made for one publish or read.</summary>
    public IDataObjects Objects => _objects ??= new DataObjectsView(engine, context, caller, instance);

    public IChannels As(ChannelCaller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return new ChannelsView(engine, context, caller, instance);
    }

    public IChannels In(string instance)
    {
        ArgumentException.ThrowIfNullOrEmpty(instance);
        return new ChannelsView(engine, context, caller, instance);
    }

    public ValueTask<ChannelMessage> PublishAsync(ChannelAddress address, MessageDraft draft, CancellationToken cancellationToken)
    {
        var publishing = TryPublishAsync(address, draft, cancellationToken);
        return publishing.IsCompletedSuccessfully ? new(MessageOf(publishing.Result, address)) : WaitAsync(publishing, address);

        static async ValueTask<ChannelMessage> WaitAsync(ValueTask<PublishResult> publishing, ChannelAddress address) =>
            MessageOf(await publishing.ConfigureAwait(false), address);
    }

    public ValueTask<PublishResult> TryPublishAsync(ChannelAddress address, MessageDraft draft, CancellationToken cancellationToken) =>
        engine.Publisher.PublishAsync(caller, InInstance(address), draft, cancellationToken);

    public ValueTask<IReadOnlyList<PublishResult>> TryPublishManyAsync(IReadOnlyList<AddressedDraft> drafts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(drafts);
        var addressed = drafts.Select(draft => draft with { Address = InInstance(draft.Address) }).ToArray();
        return addressed.DistinctBy(draft => draft.Address.Instance).Count() <= 1
            ? engine.Publisher.PublishManyAsync(caller, addressed, cancellationToken)
            : throw new ArgumentException("All drafts must belong to one instance.", nameof(drafts));
    }

    public ValueTask<PollResult> PollAsync(ChannelAddress address, MessageCursor? after, TimeSpan? window, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        address = InInstance(address);
        if (engine.IsDraining)
        {
            return new(new PollResult(PollOutcome.Draining));
        }

        if (engine.Find(address.Instance) is not { } found)
        {
            return new(new PollResult(PollOutcome.Refused, Access: AccessStatus.InstanceNotFound));
        }

        var wait = window ?? context.Options.PollWindow;
        var deciding = found.Log.IsOpen
            ? found.Guard.AuthorizeAsync(caller, address, ChannelOperations.Subscribe, allRooms: false, cancellationToken)
            : OpenAndDecideAsync(found, address, ChannelOperations.Subscribe, allRooms: false, cancellationToken);
        return deciding.IsCompletedSuccessfully
            ? Poll(found, deciding.Result, after, wait, cancellationToken)
            : PollSlowAsync(found, deciding, after, wait, cancellationToken);
    }

    public ValueTask<PollBatch> PollManyAsync(IReadOnlyList<PollTarget> targets, PollManyOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(targets);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxMessages, 1, nameof(options));
        cancellationToken.ThrowIfCancellationRequested();
        var addressed = targets.Select(target => target with { Address = InInstance(target.Address) }).ToArray();
        if (addressed.Length == 0 || Array.Exists(addressed, target => target.Address.Instance != addressed[0].Address.Instance))
        {
            throw new ArgumentException("There must be an address, and all must belong to one instance.", nameof(targets));
        }

        if (engine.IsDraining)
        {
            return new(new PollBatch(PollOutcome.Draining, [], default));
        }

        return engine.Find(addressed[0].Address.Instance) is { } found
            ? found.Log.PollManyAsync(caller, addressed, options, cancellationToken)
            : new(new PollBatch(PollOutcome.Refused, [], default, AccessStatus.InstanceNotFound));
    }

    public IAsyncEnumerable<ChannelMessage> SubscribeAsync(ChannelAddress address, SubscribeFrom from, CancellationToken cancellationToken) =>
        new AddressStream(engine, caller, InInstance(address), from, cancellationToken);

    public async ValueTask<HistoryPage> ReadHistoryAsync(ChannelAddress address, HistoryQuery? query, CancellationToken cancellationToken)
    {
        query ??= new();
        ArgumentOutOfRangeException.ThrowIfNegative(query.Limit, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, HistoryQuery.MaxLimit, nameof(query));
        address = InInstance(address);
        if (engine.Find(address.Instance) is not { } found)
        {
            return HistoryPage.Refused(AccessStatus.InstanceNotFound);
        }

        var decision = await OpenAndDecideAsync(found, address, ChannelOperations.History, query.AllRooms, cancellationToken).ConfigureAwait(false);
        if (decision.Status != AccessStatus.Allowed)
        {
            return HistoryPage.Refused(decision.Status);
        }

        if (query.Limit == 0)
        {
            return new([]);
        }

        var allRooms = query.AllRooms && decision.Address.Room is null && decision.Channel!.Descriptor.Type == ChannelType.SeparateRooms;
        var messages = await context.Messages.ReadPageAsync(
            new(decision.Address, allRooms, query.After ?? default, query.Before, query.OldestFirst, query.Limit + 1), cancellationToken)
            .ConfigureAwait(false);
        return messages.Count > query.Limit ? new([.. messages.Take(query.Limit)], HasMore: true) : new(messages);
    }

    public async ValueTask<AccessStatus> CheckAccessAsync(ChannelAddress address, ChannelOperations operation, CancellationToken cancellationToken)
    {
        if (operation is not (ChannelOperations.Subscribe or ChannelOperations.History or ChannelOperations.Presence or ChannelOperations.Publish))
        {
            throw new ArgumentException("Exactly one operation is decided at a time.", nameof(operation));
        }

        address = InInstance(address);
        return engine.Find(address.Instance) is { } found
            ? (await found.Guard.AuthorizeAsync(caller, address, operation, allRooms: false, cancellationToken).ConfigureAwait(false)).Status
            : AccessStatus.InstanceNotFound;
    }

    private static ChannelMessage MessageOf(in PublishResult result, in ChannelAddress address) =>
        result.Succeeded ? result.Message! : throw new ChannelPublishException(result.Status, address);

    private ChannelAddress InInstance(in ChannelAddress address) =>
        string.Equals(address.Instance, ChannelAddress.DefaultInstance, StringComparison.Ordinal) ? address with { Instance = instance } : address;

    private async ValueTask<AccessDecision> OpenAndDecideAsync(
        Instance found, ChannelAddress address, ChannelOperations operation, bool allRooms, CancellationToken cancellationToken)
    {
        await found.Log.OpenAsync(cancellationToken).ConfigureAwait(false);
        return await found.Guard.AuthorizeAsync(caller, address, operation, allRooms, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<PollResult> Poll(
        Instance found, in AccessDecision decision, MessageCursor? after, TimeSpan window, CancellationToken cancellationToken) =>
        decision.Status == AccessStatus.Allowed
            ? found.Log.PollAsync(caller, decision, after, window, cancellationToken)
            : new(new PollResult(PollOutcome.Refused, Access: decision.Status));

    private async ValueTask<PollResult> PollSlowAsync(
        Instance found, ValueTask<AccessDecision> deciding, MessageCursor? after, TimeSpan window, CancellationToken cancellationToken) =>
        await Poll(found, await deciding.ConfigureAwait(false), after, window, cancellationToken).ConfigureAwait(false);
}
