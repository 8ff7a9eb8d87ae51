using System.Diagnostics;

namespace Channels.Engine;

/// <summary>What happens between a draft and its place in the log: resolve, permit, validate, append, answer.</summary>
internal sealed class Publisher(ChannelsEngine engine, EngineContext context)
{
    private const int MaxTries = 4;

    public ValueTask<PublishResult> PublishAsync(
        ChannelCaller caller, in ChannelAddress address, MessageDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (!MayPublish(caller, address, 1, out var throttled))
        {
            context.Metrics.Published(PublishStatus.Throttled, TimeSpan.Zero);
            return new(throttled);
        }

        if (ChannelsTracing.Source.HasListeners() || context.Metrics.TimesPublish)
        {
            return ObservedAsync(caller, address, draft, cancellationToken);
        }

        return PublishCore(caller, address, draft, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<PublishResult>> PublishManyAsync(
        ChannelCaller caller, IReadOnlyList<AddressedDraft> drafts, CancellationToken cancellationToken)
    {
        using var activity = ChannelsTracing.Source.StartActivity("channels.publish", ActivityKind.Producer);
        var started = context.Metrics.TimesPublish ? context.Time.GetTimestamp() : 0;
        IReadOnlyList<PublishResult> results;
        try
        {
            results = await PublishManyCoreAsync(caller, drafts, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelStoreException)
        {
            results = [.. drafts.Select(_ => new PublishResult(PublishStatus.OutcomeUnknown))];
        }

        for (var i = 0; context.Metrics.TimesPublish && i < results.Count; i++)
        {
            context.Metrics.Published(results[i].Status, context.Time.GetElapsedTime(started));
        }

        activity?.SetTag("channels.publish.count", results.Count);
        return results;
    }

    private async ValueTask<IReadOnlyList<PublishResult>> PublishManyCoreAsync(
        ChannelCaller caller, IReadOnlyList<AddressedDraft> drafts, CancellationToken cancellationToken)
    {
        var results = new PublishResult[drafts.Count];
        if (drafts.Count == 0)
        {
            return results;
        }

        if (!MayPublish(caller, drafts[0].Address, drafts.Count, out var throttled))
        {
            Array.Fill(results, throttled);
            return results;
        }

        if (Find(drafts[0].Address.Instance, drafts.Count, out var refusal) is not { } instance)
        {
            Array.Fill(results, new(refusal));
            return results;
        }

        await instance.Log.OpenAsync(cancellationToken).ConfigureAwait(false);
        var entries = new AppendEntry[drafts.Count];
        var refused = false;
        for (var i = 0; i < drafts.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(drafts[i].Draft);
            var (status, entry) = await PrepareAsync(instance, caller, drafts[i].Address, drafts[i].Draft, cancellationToken).ConfigureAwait(false);
            results[i] = new(status);
            entries[i] = entry!;
            refused |= entry is null;
        }

        if (refused)
        {
            return [.. results.Select(result => result.Status == PublishStatus.Published ? new(PublishStatus.NotAttempted) : result)];
        }

        return await AppendManyAsync(instance, caller, entries, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<PublishResult> ObservedAsync(
        ChannelCaller caller, ChannelAddress address, MessageDraft draft, CancellationToken cancellationToken)
    {
        using var activity = ChannelsTracing.Source.StartActivity("channels.publish", ActivityKind.Producer);
        var started = context.Time.GetTimestamp();
        var result = await PublishCore(caller, address, draft, cancellationToken).ConfigureAwait(false);
        context.Metrics.Published(result.Status, context.Time.GetElapsedTime(started));
        activity?.SetTag("channels.publish.outcome", result.Status.ToString());
        return result;
    }

    /// <summary>Completes at once when nothing has to be waited for: a cached channel, no rule, a store that answers at once.</summary>
    private ValueTask<PublishResult> PublishCore(
        ChannelCaller caller, in ChannelAddress address, MessageDraft draft, CancellationToken cancellationToken)
    {
        if (Find(address.Instance, 1, out var refusal) is not { } instance)
        {
            return new(new PublishResult(refusal));
        }

        if (instance.Log.IsOpen)
        {
            var preparing = PrepareAsync(instance, caller, address, draft, cancellationToken);
            if (preparing.IsCompletedSuccessfully)
            {
                var (status, entry) = preparing.Result;
                if (entry is null)
                {
                    return new(new PublishResult(status));
                }

                var appending = instance.Appends.AppendAsync([entry], cancellationToken);
                if (!appending.IsCompletedSuccessfully)
                {
                    return FinishAsync(instance, caller, address, draft, entry, appending, cancellationToken);
                }

                var outcomes = appending.Result;
                return ToResult(outcomes) is { } result
                    ? new(result)
                    : FinishAsync(instance, caller, address, draft, entry, new(outcomes), cancellationToken);
            }

            return PublishSlowAsync(instance, caller, address, draft, preparing, cancellationToken);
        }

        return OpenAndPublishAsync(instance, caller, address, draft, cancellationToken);
    }

    private async ValueTask<PublishResult> OpenAndPublishAsync(
        Instance instance, ChannelCaller caller, ChannelAddress address, MessageDraft draft, CancellationToken cancellationToken)
    {
        try
        {
            await instance.Log.OpenAsync(cancellationToken).ConfigureAwait(false);
            return await PublishCore(caller, address, draft, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelStoreException)
        {
            return new(PublishStatus.OutcomeUnknown);
        }
    }

    private async ValueTask<PublishResult> PublishSlowAsync(
        Instance instance,
        ChannelCaller caller,
        ChannelAddress address,
        MessageDraft draft,
        ValueTask<(PublishStatus Status, AppendEntry? Entry)> preparing,
        CancellationToken cancellationToken)
    {
        try
        {
            var (status, entry) = await preparing.ConfigureAwait(false);
            return entry is null
                ? new(status)
                : await FinishAsync(
                    instance, caller, address, draft, entry, instance.Appends.AppendAsync([entry], cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelStoreException)
        {
            return new(PublishStatus.OutcomeUnknown);
        }
    }

    /// <summary>Waits for the append; when the channel changed meanwhile, everything is decided again.</summary>
    private async ValueTask<PublishResult> FinishAsync(
        Instance instance,
        ChannelCaller caller,
        ChannelAddress address,
        MessageDraft draft,
        AppendEntry entry,
        ValueTask<IReadOnlyList<AppendOutcome>?> appending,
        CancellationToken cancellationToken)
    {
        try
        {
            for (var attempt = 1; attempt <= MaxTries; attempt++)
            {
                if (ToResult(await appending.ConfigureAwait(false)) is { } result)
                {
                    return result;
                }

                instance.Guard.Forget(entry.Address.Channel);
                var (status, again) = await PrepareAsync(instance, caller, address, draft, cancellationToken).ConfigureAwait(false);
                if (again is null)
                {
                    return new(status);
                }

                appending = instance.Appends.AppendAsync([again], cancellationToken);
            }

            return new(PublishStatus.Overloaded);
        }
        catch (ChannelStoreException)
        {
            return new(PublishStatus.OutcomeUnknown);
        }
    }

    private async ValueTask<IReadOnlyList<PublishResult>> AppendManyAsync(
        Instance instance, ChannelCaller caller, AppendEntry[] entries, CancellationToken cancellationToken)
    {
        if (await instance.Appends.AppendAsync(entries, cancellationToken).ConfigureAwait(false) is not { } outcomes)
        {
            return [.. entries.Select(_ => new PublishResult(PublishStatus.Overloaded))];
        }

        var results = new PublishResult[entries.Length];
        for (var i = 0; i < results.Length; i++)
        {
            // A channel that changed in this very moment: the draft is decided again, by itself.
            results[i] = ToResult(outcomes[i])
                ?? await PublishAgainAsync(instance, caller, entries[i], cancellationToken).ConfigureAwait(false);
        }

        return results;
    }

    private ValueTask<PublishResult> PublishAgainAsync(
        Instance instance, ChannelCaller caller, AppendEntry entry, CancellationToken cancellationToken)
    {
        instance.Guard.Forget(entry.Address.Channel);
        return PublishCore(caller, entry.Address, entry.Draft, cancellationToken);
    }

    /// <summary>Asks before anything else is looked at: what is throttled shall cost nothing.</summary>
    private bool MayPublish(ChannelCaller caller, in ChannelAddress address, int messages, out PublishResult throttled)
    {
        throttled = default;
        if (caller.Kind == CallerKind.Host
            || context.Limiter.TryAcquire(new(ChannelLimits.Publish, caller, address.Instance, address, Permits: messages), out var retryAfter))
        {
            return true;
        }

        throttled = new(PublishStatus.Throttled) { RetryAfter = retryAfter };
        return false;
    }

    private Instance? Find(string name, int count, out PublishStatus refusal)
    {
        if (count > context.Options.MaxPublishMany)
        {
            context.Metrics.LimitReached("publish_many");
            refusal = PublishStatus.Overloaded;
            return null;
        }

        refusal = engine.IsDisposed ? PublishStatus.Draining : PublishStatus.InstanceNotFound;
        return engine.IsDisposed ? null : engine.Find(name);
    }

    private ValueTask<(PublishStatus Status, AppendEntry? Entry)> PrepareAsync(
        Instance instance, ChannelCaller caller, in ChannelAddress address, MessageDraft draft, CancellationToken cancellationToken)
    {
        var deciding = instance.Guard.AuthorizeAsync(caller, address, ChannelOperations.Publish, allRooms: false, cancellationToken);
        return deciding.IsCompletedSuccessfully
            ? new(Prepare(caller, deciding.Result, draft))
            : PrepareSlowAsync(caller, deciding, draft);
    }

    private async ValueTask<(PublishStatus Status, AppendEntry? Entry)> PrepareSlowAsync(
        ChannelCaller caller, ValueTask<AccessDecision> deciding, MessageDraft draft) =>
        Prepare(caller, await deciding.ConfigureAwait(false), draft);

    private (PublishStatus Status, AppendEntry? Entry) Prepare(ChannelCaller caller, in AccessDecision decision, MessageDraft draft)
    {
        var status = ToPublishStatus(decision.Status);
        if (status is PublishStatus.Published or PublishStatus.RoomRequired)
        {
            // A missing room is told only of a draft that is otherwise good.
            var validity = caller.Kind == CallerKind.Host || decision.Channel!.Descriptor.ClientsMayPublish
                ? DraftValidator.Validate(draft, context.Options.MaxPayloadBytes)
                : PublishStatus.ClientPublishDisabled;
            status = validity == PublishStatus.Published ? status : validity;
        }

        if (status == PublishStatus.PayloadTooLarge)
        {
            context.Metrics.LimitReached("payload_bytes");
        }

        return status == PublishStatus.Published ? (status, EntryBuilder.OfMessage(context, caller, decision, draft)) : (status, null);
    }

    private static PublishResult? ToResult(IReadOnlyList<AppendOutcome>? outcomes) =>
        outcomes is null ? new PublishResult(PublishStatus.Overloaded) : ToResult(outcomes[0]);

    /// <summary>Says how an entry ended; nothing when the descriptor had changed and it must be decided again.</summary>
    private static PublishResult? ToResult(AppendOutcome outcome) => outcome.Status switch
    {
        AppendStatus.Stored => new PublishResult(PublishStatus.Published, outcome.Message),
        AppendStatus.Duplicate => new PublishResult(PublishStatus.Duplicate, outcome.Message),
        AppendStatus.KeyConflict => new PublishResult(PublishStatus.KeyConflict),
        AppendStatus.StaleDescriptor => null,

        // The others are outcomes of changes of objects.
        _ => throw new UnreachableException(),
    };

    private static PublishStatus ToPublishStatus(AccessStatus status) => status switch
    {
        AccessStatus.Allowed => PublishStatus.Published,
        AccessStatus.InstanceNotFound => PublishStatus.InstanceNotFound,
        AccessStatus.NotFound => PublishStatus.NotFound,
        AccessStatus.Forbidden => PublishStatus.Forbidden,
        AccessStatus.RoomRequired => PublishStatus.RoomRequired,
        AccessStatus.InvalidAddress => PublishStatus.InvalidAddress,
        AccessStatus.LimitReached => PublishStatus.Overloaded,
        AccessStatus.Draining => PublishStatus.Draining,
        AccessStatus.Throttled => PublishStatus.Throttled,
        _ => throw new UnreachableException(),
    };
}
