namespace Channels.Engine;

/// <summary>The stored channels of one instance as one caller sees them.</summary>
internal sealed class CatalogView(ChannelsEngine engine, EngineContext context, ChannelCaller caller, string instanceName) : IChannelCatalog
{
    private const int MaxListLimit = 1000;
    private const int MaxTries = 16;

    public async ValueTask<CatalogResult> GetAsync(string name, CancellationToken cancellationToken)
    {
        if (engine.Find(instanceName) is not { } instance)
        {
            return new(CatalogStatus.InstanceNotFound);
        }

        var decision = await instance.Guard
            .AuthorizeAsync(caller, new(name, Instance: instanceName), ChannelOperations.Subscribe, allRooms: false, cancellationToken).ConfigureAwait(false);
        return decision.Status switch
        {
            // Trusted callers may publish to every name that has facts; that makes the name no channel of their front end.
            AccessStatus.Allowed or AccessStatus.RoomRequired when decision.Channel!.IsVisibleTo(caller.FrontEnd) => new(CatalogStatus.Done, decision.Channel.Descriptor),
            AccessStatus.Forbidden => new(CatalogStatus.Forbidden),
            _ => new(CatalogStatus.NotFound),
        };
    }

    public async ValueTask<IReadOnlyList<ChannelDescriptor>> ListAsync(ChannelListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegative(query.Limit, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, MaxListLimit, nameof(query));
        if (engine.Find(instanceName) is null || query.Limit == 0)
        {
            return [];
        }

        var found = new List<ChannelDescriptor>();
        while (true)
        {
            var page = await context.Channels.ListAsync(instanceName, query, cancellationToken).ConfigureAwait(false);
            found.AddRange(page.Where(MaySee).Take(query.Limit - found.Count));
            if (page.Count < query.Limit || found.Count == query.Limit)
            {
                return found;
            }

            query = query.NewestFirst ? query with { Before = page[^1].Sequence } : query with { After = page[^1].Sequence };
        }
    }

    public async ValueTask<CatalogResult> CreateAsync(ChannelDescriptor descriptor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        var now = context.Time.GetUtcNow();
        var wanted = descriptor with { Instance = instanceName, CreatedAt = now, UpdatedAt = now };
        if (await CheckAsync(wanted, cancellationToken).ConfigureAwait(false) is var (refusal, instance) && instance is null)
        {
            return new(refusal);
        }

        if (await context.Channels.CreateAsync(wanted, cancellationToken).ConfigureAwait(false) is not { } created)
        {
            return new(CatalogStatus.NameTaken);
        }

        instance.Log.ChannelChanged(created.Name, ResolvedChannel.Stored(created), ChannelEventKinds.ChannelCreated);
        return new(CatalogStatus.Done, created);
    }

    public async ValueTask<CatalogResult> UpdateAsync(
        string name, Func<ChannelDescriptor, ChannelDescriptor> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        for (var attempt = 0; attempt < MaxTries; attempt++)
        {
            if (Writable(out var refusal) is not { } instance)
            {
                return new(refusal);
            }

            if (await context.Channels.GetAsync(instanceName, name, cancellationToken).ConfigureAwait(false) is not { } current)
            {
                return new(CatalogStatus.NotFound);
            }

            var wanted = change(current) with
            {
                Instance = instanceName,
                Name = current.Name,
                Type = current.Type,
                CreatedAt = current.CreatedAt,
                UpdatedAt = context.Time.GetUtcNow(),
                Version = current.Version,
                Sequence = current.Sequence,
            };
            if (await CheckAsync(wanted, cancellationToken).ConfigureAwait(false) is var (invalid, checkedInstance) && checkedInstance is null)
            {
                return new(invalid);
            }

            if (await context.Channels.UpdateAsync(wanted, cancellationToken).ConfigureAwait(false) is { } updated)
            {
                instance.Log.ChannelChanged(name, ResolvedChannel.Stored(updated), ChannelEventKinds.ChannelUpdated);
                return new(CatalogStatus.Done, updated);
            }
        }

        throw new ChannelStoreException($"The channel '{name}' is being changed by too many callers at once.");
    }

    public async ValueTask<CatalogStatus> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        if (Writable(out var refusal) is not { } instance)
        {
            return refusal;
        }

        await instance.Log.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (!await context.Channels.DeleteAsync(instanceName, name, cancellationToken).ConfigureAwait(false))
        {
            return CatalogStatus.NotFound;
        }

        instance.Log.ChannelDeleted(name, await GetHeadAsync().ConfigureAwait(false));
        return CatalogStatus.Done;
    }

    public async ValueTask<CatalogStatus> ClearAsync(ChannelAddress address, CancellationToken cancellationToken)
    {
        if (Writable(out var refusal) is not { } instance)
        {
            return refusal;
        }

        address = address with { Instance = instanceName };
        if (!address.IsValid)
        {
            return CatalogStatus.Invalid;
        }

        await instance.Log.OpenAsync(cancellationToken).ConfigureAwait(false);
        var removed = await context.Messages.RemoveAsync(address, cancellationToken).ConfigureAwait(false);
        return instance.Log.AddressCleared(address, await GetHeadAsync().ConfigureAwait(false)) || removed > 0 ? CatalogStatus.Done : CatalogStatus.NotFound;
    }

    /// <summary>The head after a deletion; when it cannot be read the deletion takes effect at the dispatcher's position.</summary>
    private async ValueTask<long> GetHeadAsync()
    {
        try
        {
            return (await context.Messages.GetHeadAsync(instanceName, CancellationToken.None).ConfigureAwait(false)).Head.Value;
        }
        catch (ChannelStoreException)
        {
            return 0;
        }
    }

    private bool MaySee(ChannelDescriptor channel) =>
        caller.Kind == CallerKind.Host
        || (!context.Policy.IsOver(caller)
            && (caller.Instance ?? instanceName) == instanceName
            && (AccessPolicy.IsTrusted(caller)
                || AccessPolicy.PermissionOf(caller, channel, ChannelOperations.Subscribe) >= ChannelPermission.Subscribe));

    private Instance? Writable(out CatalogStatus refusal)
    {
        var mayWrite = caller.Kind == CallerKind.Host
            || (!context.Policy.IsOver(caller)
                && (caller.Instance ?? instanceName) == instanceName
                && (caller.Kind == CallerKind.Admin ? caller.Role >= AdminRole.Write : caller.IgnoresPermissions));
        var instance = engine.Find(instanceName);
        refusal = instance is null ? CatalogStatus.InstanceNotFound : CatalogStatus.Forbidden;
        return mayWrite ? instance : null;
    }

    private async ValueTask<(CatalogStatus Refusal, Instance? Instance)> CheckAsync(ChannelDescriptor wanted, CancellationToken cancellationToken)
    {
        if (Writable(out var refusal) is not { } instance)
        {
            return (refusal, null);
        }

        if (!DescriptorValidator.IsValid(wanted))
        {
            return (CatalogStatus.Invalid, null);
        }

        await instance.Log.OpenAsync(cancellationToken).ConfigureAwait(false);
        return wanted.Group is { } group
            && !await engine.Directory.GroupExistsAsync(instanceName, group, cancellationToken).ConfigureAwait(false)
                ? (CatalogStatus.GroupNotFound, null)
                : (CatalogStatus.Done, instance);
    }
}
