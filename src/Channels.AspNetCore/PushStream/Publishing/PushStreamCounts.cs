namespace Channels.AspNetCore.PushStream.Publishing;

/// <summary>Counts what publishers and statistics tell of channels.</summary>
internal sealed class PushStreamCounts(PushStreamServices services)
{
    private const int PageSize = HistoryQuery.MaxLimit;

    /// <summary>The numbers of a channel; <see langword="null"/> when there is none of this name.</summary>
    public async ValueTask<PushStreamChannelCount?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var address = await services.Names.ResolveAsync(name, cancellationToken);
        var (status, _) = await services.Channels.Catalog.GetAsync(address.Channel, cancellationToken);
        return status == CatalogStatus.Done ? await CountAsync(address, cancellationToken) : null;
    }

    public async ValueTask<PushStreamChannelCount> CountAsync(ChannelAddress address, CancellationToken cancellationToken)
    {
        var stored = 0;
        MessageCursor? before = null;
        HistoryPage page;
        do
        {
            page = await services.Channels.ReadHistoryAsync(address, new() { Limit = PageSize, Before = before, AllRooms = true }, cancellationToken);
            stored += page.Messages.Count;
            before = page.HasMore ? page.Messages[^1].Cursor : null;
        }
        while (page.HasMore);

        var (_, subscriptions, _) = await services.Channels.Presence.CountAsync(address, cancellationToken);
        return new(PushStreamWriter.NameOf(address), stored, subscriptions);
    }

    /// <summary>The numbers of every channel that is stored or that somebody reads.</summary>
    /// <param name="prefix">Only names that start with this.</param>
    /// <param name="cancellationToken">Abandons the count.</param>
    public async ValueTask<List<PushStreamChannelCount>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var addresses = new HashSet<ChannelAddress>();
        for (long? after = null; ;)
        {
            var stored = await services.Channels.Catalog.ListAsync(new() { Limit = PageSize, After = after, NamePrefix = prefix }, cancellationToken);
            addresses.UnionWith(stored.Select(channel => new ChannelAddress(channel.Name, null, channel.Instance)));
            if (stored.Count < PageSize)
            {
                break;
            }

            after = stored[^1].Sequence;
        }

        for (ChannelAddress? after = null; ;)
        {
            var occupied = await services.Channels.Presence.ListOccupiedAsync(prefix, after, PageSize, cancellationToken);
            addresses.UnionWith(occupied.Addresses.Select(found => found.Address));
            if (!occupied.HasMore)
            {
                break;
            }

            after = occupied.Addresses[^1].Address;
        }

        var counts = new List<PushStreamChannelCount>();
        foreach (var address in addresses.OrderBy(address => PushStreamWriter.NameOf(address), StringComparer.Ordinal))
        {
            counts.Add(await CountAsync(address, cancellationToken));
        }

        return counts;
    }
}
