namespace Channels.Engine;

/// <summary>The classes of one instance as one caller sees them.</summary>
internal sealed class ObjectClassesView(ChannelsEngine engine, EngineContext context, ChannelCaller caller, string instanceName) : IObjectClasses
{
    private const int MaxTries = 16;

    public async ValueTask<ClassResult> GetAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (engine.Find(instanceName) is null)
        {
            return new(CatalogStatus.InstanceNotFound);
        }

        // Not the cached one: how many objects it has changes all the time.
        if (await context.Objects.GetClassAsync(instanceName, name, cancellationToken).ConfigureAwait(false) is not { } found)
        {
            return new(CatalogStatus.NotFound);
        }

        return MaySee(found) ? new(CatalogStatus.Done, found) : new(CatalogStatus.Forbidden);
    }

    public async ValueTask<IReadOnlyList<ObjectClass>> ListAsync(ObjectListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegative(query.Limit, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, ObjectListQuery.MaxLimit, nameof(query));
        var found = new List<ObjectClass>();
        while (engine.Find(instanceName) is not null && found.Count < query.Limit)
        {
            var page = await context.Objects.ListClassesAsync(instanceName, query, cancellationToken).ConfigureAwait(false);
            found.AddRange(page.Where(MaySee).Take(query.Limit - found.Count));
            if (page.Count < query.Limit)
            {
                break;
            }

            query = query.NewestFirst ? query with { Before = page[^1].Sequence } : query with { After = page[^1].Sequence };
        }

        return found;
    }

    public async ValueTask<ClassResult> CreateAsync(ObjectClass objectClass, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(objectClass);
        var now = context.Time.GetUtcNow();
        var wanted = Copy(objectClass) with { Instance = instanceName, CreatedAt = now, UpdatedAt = now, Revision = 1 };
        if (await CheckAsync(wanted, cancellationToken).ConfigureAwait(false) is not CatalogStatus.Done and var refusal)
        {
            return new(refusal);
        }

        var created = await ForgetAfterAsync(wanted.Name, store => store.CreateClassAsync(wanted, CancellationToken.None), cancellationToken).ConfigureAwait(false);
        return created is null ? new(CatalogStatus.NameTaken) : new(CatalogStatus.Done, created);
    }

    public async ValueTask<ClassResult> UpdateAsync(string name, Func<ObjectClass, ObjectClass> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(change);
        for (var attempt = 0; attempt < MaxTries; attempt++)
        {
            if (Writable() is not CatalogStatus.Done and var refusal)
            {
                return new(refusal);
            }

            if (await context.Objects.GetClassAsync(instanceName, name, cancellationToken).ConfigureAwait(false) is not { } current)
            {
                return new(CatalogStatus.NotFound);
            }

            var wanted = Next(current, change(current));
            if (await CheckAsync(wanted, cancellationToken).ConfigureAwait(false) is not CatalogStatus.Done and var invalid)
            {
                return new(invalid);
            }

            var updated = await ForgetAfterAsync(name, store => store.UpdateClassAsync(wanted, CancellationToken.None), cancellationToken).ConfigureAwait(false);
            if (updated is not null)
            {
                return new(CatalogStatus.Done, updated);
            }
        }

        throw new ChannelStoreException($"The class '{name}' is being changed by too many callers at once.");
    }

    public async ValueTask<CatalogStatus> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Writable() is not CatalogStatus.Done and var refusal)
        {
            return refusal;
        }

        var existed = await ForgetAfterAsync(
            name, store => store.DeleteClassAsync(instanceName, name, CancellationToken.None), cancellationToken).ConfigureAwait(false);
        return existed ? CatalogStatus.Done : CatalogStatus.NotFound;
    }

    /// <summary>Changes a class and forgets what is cached of it, whether or not the caller still waits and whatever came of it.</summary>
    private Task<T> ForgetAfterAsync<T>(string name, Func<IDataObjectStore, ValueTask<T>> change, CancellationToken cancellationToken)
    {
        return RunAsync().WaitAsync(cancellationToken);

        async Task<T> RunAsync()
        {
            try
            {
                return await change(context.Objects).ConfigureAwait(false);
            }
            finally
            {
                engine.Find(instanceName)!.Classes.Forget(name);
            }
        }
    }

    private ObjectClass Next(ObjectClass current, ObjectClass changed) => Copy(changed) with
    {
        Instance = instanceName,
        Name = current.Name,
        CreatedAt = current.CreatedAt,
        UpdatedAt = context.Time.GetUtcNow(),
        Revision = current.Revision + (changed.Fields.SequenceEqual(current.Fields) ? 0 : 1),
        Version = current.Version,
        Sequence = current.Sequence,
    };

    /// <summary>What was handed over may be changed afterwards.</summary>
    private static ObjectClass Copy(ObjectClass objectClass) =>
        objectClass with { Fields = [.. objectClass.Fields], Metadata = objectClass.Metadata.ToArray() };

    private bool MaySee(ObjectClass objectClass) => IsAtHome() && ObjectRights.Of(caller, objectClass) >= ClassPermission.Read;

    private bool IsAtHome() =>
        caller.Kind == CallerKind.Host || (!context.Policy.IsOver(caller) && (caller.Instance ?? instanceName) == instanceName);

    private CatalogStatus Writable() =>
        engine.Find(instanceName) is null ? CatalogStatus.InstanceNotFound
        : IsAtHome() && ObjectRights.IsServer(caller) ? CatalogStatus.Done
        : CatalogStatus.Forbidden;

    private async ValueTask<CatalogStatus> CheckAsync(ObjectClass wanted, CancellationToken cancellationToken)
    {
        if (Writable() is not CatalogStatus.Done and var refusal)
        {
            return refusal;
        }

        if (!ClassValidator.IsValid(wanted))
        {
            return CatalogStatus.Invalid;
        }

        return wanted.Group is { } group
            && !await engine.Directory.GroupExistsAsync(instanceName, group, cancellationToken).ConfigureAwait(false)
                ? CatalogStatus.GroupNotFound
                : CatalogStatus.Done;
    }
}
