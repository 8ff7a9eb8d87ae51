namespace Channels.Engine;

/// <summary>The data objects of one instance as one caller sees them.</summary>
internal sealed class DataObjectsView(ChannelsEngine engine, EngineContext context, ChannelCaller caller, string instanceName) : IDataObjects
{
    private readonly ObjectPipeline _pipeline = new(engine, context, caller, instanceName);

    public IObjectClasses Classes { get; } = new ObjectClassesView(engine, context, caller, instanceName);

    public ValueTask<ObjectResult> CreateAsync(string className, ObjectDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return _pipeline.RunAsync(className, "create", ClassPermission.CreateObjects, (scope, token) => PrepareCreationAsync(scope, draft, token), cancellationToken);
    }

    public ValueTask<ObjectResult> UpdateAsync(string className, long id, ObjectDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return _pipeline.RunAsync(className, "update", ClassPermission.Read, (scope, token) => PrepareUpdateAsync(scope, id, draft, token), cancellationToken);
    }

    public ValueTask<ObjectResult> DeleteAsync(string className, long id, CancellationToken cancellationToken) =>
        _pipeline.RunAsync(className, "delete", ClassPermission.Read, (scope, token) => PrepareDeletionAsync(scope, id, token), cancellationToken);

    public async ValueTask<ObjectResult> GetAsync(string className, long id, CancellationToken cancellationToken)
    {
        var (status, scope) = await _pipeline.EnterAsync(className, ClassPermission.Read, cancellationToken).ConfigureAwait(false);
        if (status != ObjectStatus.Done)
        {
            return new(status);
        }

        var found = await ReadAsync(scope, id, cancellationToken).ConfigureAwait(false);
        return found is not null && ObjectRights.Of(caller, found) >= ObjectPermission.Read ? new(ObjectStatus.Done, found) : new(ObjectStatus.NotFound);
    }

    public async ValueTask<ObjectPage> ListAsync(string className, ObjectListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegative(query.Limit, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, ObjectListQuery.MaxLimit, nameof(query));
        var (status, _) = await _pipeline.EnterAsync(className, ClassPermission.Read, cancellationToken).ConfigureAwait(false);
        var found = new List<DataObject>();
        while (status == ObjectStatus.Done && found.Count < query.Limit)
        {
            var page = await context.Objects.ListObjectsAsync(instanceName, className, query, cancellationToken).ConfigureAwait(false);
            found.AddRange(page.Where(value => ObjectRights.Of(caller, value) >= ObjectPermission.Read).Take(query.Limit - found.Count));
            if (page.Count < query.Limit)
            {
                break;
            }

            query = query.NewestFirst ? query with { Before = page[^1].Id } : query with { After = page[^1].Id };
        }

        return new(status, found);
    }

    private async ValueTask<PreparedChange> PrepareCreationAsync(ObjectScope scope, ObjectDraft draft, CancellationToken cancellationToken)
    {
        var problems = new List<ObjectProblem>();
        AccessDecision? decision = null;
        if (draft.Channel is { } channel)
        {
            decision = await _pipeline.BindAsync(scope.Instance, new(channel, draft.Room, instanceName), problems, cancellationToken).ConfigureAwait(false);
            if (decision is null)
            {
                return PreparedChange.Refused(ObjectStatus.ChannelForbidden);
            }
        }

        var edits = new FieldReader(scope.Class, problems).Read(draft.Fields);
        var (fields, _) = FieldValues.Apply(scope.Class, "{}"u8.ToArray(), edits, problems);
        await _pipeline.CheckFactsAsync(draft, problems, cancellationToken).ConfigureAwait(false);
        if (problems.Count > 0)
        {
            return new(new ObjectResult(ObjectStatus.Invalid) { Problems = problems });
        }

        var wanted = new DataObject
        {
            Instance = instanceName,
            Class = scope.Class.Name,
            Id = 0,
            Owner = OwnerOf(draft),
            OwnerPermission = draft.OwnerPermission ?? ObjectPermission.Full,
            Group = string.IsNullOrEmpty(draft.Group) ? null : draft.Group,
            GroupPermission = draft.GroupPermission ?? ObjectPermission.None,
            OtherPermission = draft.OtherPermission ?? ObjectPermission.None,
            Channel = decision?.Address.Channel,
            Room = decision?.Address.Room,
            Fields = fields,
        };
        var change = new ObjectCreation(scope.Class, wanted, context.Options.MaxPayloadBytes, publishes: decision is not null)
        {
            Class = scope.Class.Name,
            ClassVersion = scope.Class.Version,
            MaxObjects = context.Options.MaxObjectsPerClass,
        };
        return new(null, decision is { } bound ? EntryBuilder.OfChange(context, caller, bound, change) : EntryBuilder.OfChange(caller, change));
    }

    private async ValueTask<PreparedChange> PrepareUpdateAsync(ObjectScope scope, long id, ObjectDraft draft, CancellationToken cancellationToken)
    {
        var current = await ReadAsync(scope, id, cancellationToken).ConfigureAwait(false);
        if (ObjectUpdate.Refuse(caller, current, draft) is { } refusal)
        {
            return PreparedChange.Refused(refusal);
        }

        var problems = new List<ObjectProblem>();
        var edits = new FieldReader(scope.Class, problems).Read(draft.Fields);
        await _pipeline.CheckFactsAsync(draft, problems, cancellationToken).ConfigureAwait(false);
        if (problems.Count > 0)
        {
            return new(new ObjectResult(ObjectStatus.Invalid) { Problems = problems });
        }

        return await _pipeline.AddressAsync(
            scope.Instance,
            current!,
            publishes => new ObjectUpdate(caller, scope.Class, draft, edits, context.Options.MaxPayloadBytes, publishes)
            {
                Class = scope.Class.Name,
                Id = id,
                ClassVersion = scope.Class.Version,
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<PreparedChange> PrepareDeletionAsync(ObjectScope scope, long id, CancellationToken cancellationToken)
    {
        var current = await ReadAsync(scope, id, cancellationToken).ConfigureAwait(false);
        return ObjectDeletion.Refuse(caller, current) is { } refusal
            ? PreparedChange.Refused(refusal)
            : await _pipeline.AddressAsync(
                scope.Instance,
                current!,
                publishes => new ObjectDeletion(caller, scope.Class, publishes) { Class = scope.Class.Name, Id = id, ClassVersion = scope.Class.Version },
                cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<DataObject?> ReadAsync(ObjectScope scope, long id, CancellationToken cancellationToken) =>
        id < 1 ? default : context.Objects.GetObjectAsync(instanceName, scope.Class.Name, id, cancellationToken);

    /// <summary>A user owns what they create; a server may say whose it is.</summary>
    private string? OwnerOf(ObjectDraft draft)
    {
        var owner = ObjectRights.IsServer(caller) ? draft.Owner ?? caller.UserId : caller.UserId;
        return string.IsNullOrEmpty(owner) ? null : owner;
    }
}
