using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Channels.Engine;

/// <summary>What happens between the wish to change an object and its place in the log: find the class, permit, prepare, append with the notification, answer.</summary>
internal sealed class ObjectPipeline(ChannelsEngine engine, EngineContext context, ChannelCaller caller, string instanceName)
{
    private const int MaxTries = 4;
    private const int MaxRoomLength = 64;

    /// <summary>Makes a change; when class or channel changed meanwhile, everything is decided again.</summary>
    public async ValueTask<ObjectResult> RunAsync(
        string className,
        string operation,
        ClassPermission needed,
        Func<ObjectScope, CancellationToken, ValueTask<PreparedChange>> prepare,
        CancellationToken cancellationToken)
    {
        using var activity = ChannelsTracing.Source.StartActivity("channels.object", ActivityKind.Producer);
        activity?.SetTag("channels.object.operation", operation);
        ObjectResult result;
        try
        {
            // A change counts as a publish, and what is throttled shall cost nothing.
            result = MayChange(out var throttled) ? await RunCoreAsync(className, needed, prepare, cancellationToken).ConfigureAwait(false) : throttled;
        }
        catch (ChannelStoreException)
        {
            result = new(ObjectStatus.OutcomeUnknown);
        }

        context.Metrics.ObjectChanged(operation, result.Status);
        activity?.SetTag("channels.object.outcome", result.Status.ToString());
        return result;
    }

    /// <summary>Finds a class, and decides whether the caller may do there what they want.</summary>
    public async ValueTask<(ObjectStatus Status, ObjectScope Scope)> EnterAsync(
        string className, ClassPermission needed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(className);
        if (engine.IsDisposed)
        {
            return (ObjectStatus.Draining, default);
        }

        if (engine.Find(instanceName) is not { } instance)
        {
            return (ObjectStatus.InstanceNotFound, default);
        }

        await instance.Log.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (await instance.Classes.FindAsync(className, cancellationToken).ConfigureAwait(false) is not { } objectClass)
        {
            return (ObjectStatus.ClassNotFound, default);
        }

        return IsAtHome() && ObjectRights.Of(caller, objectClass) >= needed
            ? (ObjectStatus.Done, new(instance, objectClass))
            : (ObjectStatus.Forbidden, default);
    }

    /// <summary>Decides whether the caller may bind a new object to an address.</summary>
    /// <returns>The decision, which is no more than a mistake when there are problems; <see langword="null"/> when the caller may not publish there.</returns>
    public async ValueTask<AccessDecision?> BindAsync(
        Instance instance, ChannelAddress address, List<ObjectProblem> problems, CancellationToken cancellationToken)
    {
        var withoutRoom = address with { Room = null };
        var decision = await instance.Guard
            .AuthorizeAsync(caller, address.IsValid ? address : withoutRoom, ChannelOperations.Publish, allRooms: false, cancellationToken)
            .ConfigureAwait(false);
        switch (decision.Status)
        {
            case AccessStatus.Allowed when decision.Address.Room is { } room && room.Count(static unit => !char.IsLowSurrogate(unit)) > MaxRoomLength:
                problems.Add(new("channel_room", ObjectProblemKind.TooLong, MaxRoomLength));
                return decision;
            case AccessStatus.RoomRequired when address.Room is { Length: > MaxRoomLength }:
                problems.Add(new("channel_room", ObjectProblemKind.TooLong, MaxRoomLength));
                return decision;
            case AccessStatus.RoomRequired:
                problems.Add(new("channel_room", address.Room is null ? ObjectProblemKind.Required : ObjectProblemKind.InvalidName));
                return decision;
            case AccessStatus.NotFound or AccessStatus.InvalidAddress:
                problems.Add(new("channel", ObjectProblemKind.NotFound));
                return decision;
            default:
                return decision.Status == AccessStatus.Allowed ? decision : null;
        }
    }

    /// <summary>Addresses the notification of a change to the channel that the object is bound to.</summary>
    /// <param name="instance">The tenant.</param>
    /// <param name="current">The object; its binding never changes.</param>
    /// <param name="makeChange">Makes the change, and is told whether it publishes.</param>
    /// <param name="cancellationToken">Abandons the decision.</param>
    public async ValueTask<PreparedChange> AddressAsync(
        Instance instance, DataObject current, Func<bool, ObjectChange> makeChange, CancellationToken cancellationToken)
    {
        if (current.Channel is not { } channel
            || await instance.Guard.ResolveAsync(channel, cancellationToken).ConfigureAwait(false) is null)
        {
            // Nobody listens to a channel that no template gives any more; a stored one would have taken the object with it.
            return new(null, EntryBuilder.OfChange(caller, makeChange(false)));
        }

        var decision = await instance.Guard
            .AuthorizeAsync(caller, new(channel, current.Room, instanceName), ChannelOperations.Publish, allRooms: false, cancellationToken)
            .ConfigureAwait(false);
        return decision.Status == AccessStatus.Allowed
            ? new(null, EntryBuilder.OfChange(context, caller, decision, makeChange(true)))
            : PreparedChange.Refused(ObjectStatus.ChannelForbidden);
    }

    /// <summary>Checks what a draft says about owner, group and permissions.</summary>
    public async ValueTask CheckFactsAsync(ObjectDraft draft, List<ObjectProblem> problems, CancellationToken cancellationToken)
    {
        if (draft.Owner is { Length: > 0 } owner && !new ChannelAddress(owner).IsValid)
        {
            problems.Add(new("owner", ObjectProblemKind.InvalidName));
        }

        if (draft.Group is { Length: > 0 } group
            && !await engine.Directory.GroupExistsAsync(instanceName, group, cancellationToken).ConfigureAwait(false))
        {
            problems.Add(new("group", ObjectProblemKind.NotFound));
        }

        CheckPermission(draft.OwnerPermission, "owner_permissions", problems);
        CheckPermission(draft.GroupPermission, "group_permissions", problems);
        CheckPermission(draft.OtherPermission, "other_permissions", problems);
    }

    private static void CheckPermission(ObjectPermission? permission, string field, List<ObjectProblem> problems)
    {
        if (permission is { } value && !Enum.IsDefined(value))
        {
            problems.Add(new(field, ObjectProblemKind.WrongType));
        }
    }

    private bool IsAtHome() =>
        caller.Kind == CallerKind.Host || (!context.Policy.IsOver(caller) && (caller.Instance ?? instanceName) == instanceName);

    private bool MayChange([NotNullWhen(false)] out ObjectResult? throttled)
    {
        throttled = null;
        if (caller.Kind == CallerKind.Host || context.Limiter.TryAcquire(new(ChannelLimits.Publish, caller, instanceName), out var retryAfter))
        {
            return true;
        }

        throttled = new(ObjectStatus.Throttled) { RetryAfter = retryAfter };
        return false;
    }

    private async ValueTask<ObjectResult> RunCoreAsync(
        string className,
        ClassPermission needed,
        Func<ObjectScope, CancellationToken, ValueTask<PreparedChange>> prepare,
        CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MaxTries; attempt++)
        {
            var (status, scope) = await EnterAsync(className, needed, cancellationToken).ConfigureAwait(false);
            if (status != ObjectStatus.Done)
            {
                return new(status);
            }

            var (refusal, entry) = await prepare(scope, cancellationToken).ConfigureAwait(false);
            if (entry is null)
            {
                return refusal!;
            }

            var outcomes = await scope.Instance.Appends.AppendAsync([entry], cancellationToken).ConfigureAwait(false);
            if (outcomes is null)
            {
                return new(ObjectStatus.Overloaded);
            }

            if (ToResult(outcomes[0]) is { } result)
            {
                return result;
            }

            scope.Instance.Classes.Forget(className);
            if (entry.Address.Channel is { } channel)
            {
                scope.Instance.Guard.Forget(channel);
            }
        }

        return new(ObjectStatus.Overloaded);
    }

    /// <summary>Says how a change ended; nothing when class or channel had changed and it must be decided again.</summary>
    private static ObjectResult? ToResult(AppendOutcome outcome) => outcome switch
    {
        { Status: AppendStatus.Stored, Decision: { } done } => new(ObjectStatus.Done, done.After ?? done.Before, outcome.Message),
        { Status: AppendStatus.Refused, Decision: { } refused } => new(refused.Status, refused.Before) { Problems = refused.Problems },
        { Status: AppendStatus.StaleClass or AppendStatus.StaleDescriptor } => null,
        _ => throw new UnreachableException(),
    };
}
