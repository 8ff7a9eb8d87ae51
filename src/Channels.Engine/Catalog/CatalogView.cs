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

        cancellationToken.ThrowIfCancellationRequested();
        var creating = ChangeAsync(instance, wanted.Name, before: null, store => store.CreateAsync(wanted, CancellationToken.None));
        return await creating.WaitAsync(cancellationToken).ConfigureAwait(false) is { } created ? new(CatalogStatus.Done, created) : new(CatalogStatus.NameTaken);
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

            var updating = ChangeAsync(instance, name, current, store => store.UpdateAsync(wanted, CancellationToken.None));
            if (await updating.WaitAsync(cancellationToken).ConfigureAwait(false) is { } updated)
            {
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
        return await context.Channels.GetAsync(instanceName, name, cancellationToken).ConfigureAwait(false) is { } current
            && await DeleteAsync(instance, current).WaitAsync(cancellationToken).ConfigureAwait(false)
                ? CatalogStatus.Done : CatalogStatus.NotFound;
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
        cancellationToken.ThrowIfCancellationRequested();
        return await ClearAsync(instance, address).WaitAsync(cancellationToken).ConfigureAwait(false) ? CatalogStatus.Done : CatalogStatus.NotFound;
    }

    /// <summary>Creates or updates a channel, and lets that take effect, whether or not the caller still waits.</summary>
    /// <returns>The channel; <see langword="null"/> when the store refused.</returns>
    private async Task<ChannelDescriptor?> ChangeAsync(
        Instance instance, string name, ChannelDescriptor? before, Func<IChannelStore, ValueTask<ChannelDescriptor?>> change)
    {
        ChannelDescriptor? changed = null;
        try
        {
            return changed = await change(context.Channels).ConfigureAwait(false);
        }
        catch (ChannelStoreException)
        {
            // Whether it was done is unknown; what is stored now says.
            changed = await FindAsync(name, otherwise: before).ConfigureAwait(false) is { } found && found.Version != before?.Version ? found : null;
            throw;
        }
        finally
        {
            if (changed is not null)
            {
                var kind = before is null ? ChannelEventKinds.ChannelCreated : ChannelEventKinds.ChannelUpdated;
                instance.Log.ChannelChanged(name, ResolvedChannel.Stored(changed), kind);
            }
        }
    }

    /// <summary>Deletes a channel, and lets that take effect, whether or not the caller still waits.</summary>
    private async Task<bool> DeleteAsync(Instance instance, ChannelDescriptor current)
    {
        var isGone = false;
        try
        {
            return isGone = await context.Channels.DeleteAsync(instanceName, current.Name, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ChannelStoreException)
        {
            isGone = await FindAsync(current.Name, otherwise: current).ConfigureAwait(false) is null;
            throw;
        }
        finally
        {
            if (isGone)
            {
                instance.Log.ChannelDeleted(current.Name, await GetHeadAsync().ConfigureAwait(false));
            }
        }
    }

    private async Task<bool> ClearAsync(Instance instance, ChannelAddress address)
    {
        var removed = await context.Messages.RemoveAsync(address, CancellationToken.None).ConfigureAwait(false);
        return instance.Log.AddressCleared(address, await GetHeadAsync().ConfigureAwait(false)) || removed > 0;
    }

    private async ValueTask<ChannelDescriptor?> FindAsync(string name, ChannelDescriptor? otherwise)
    {
        try
        {
            return await context.Channels.GetAsync(instanceName, name, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ChannelStoreException)
        {
            return otherwise;
        }
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
