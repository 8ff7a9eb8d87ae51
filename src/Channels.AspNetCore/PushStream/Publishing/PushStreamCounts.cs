using System.Runtime.CompilerServices;

namespace Channels.AspNetCore.PushStream.Publishing;

/// <summary>Counts what publishers and statistics tell of channels.</summary>
internal sealed class PushStreamCounts(PushStreamServices services)
{
    private const int PageSize = HistoryQuery.MaxLimit;

    private readonly string _instance = services.Options.Instance;

    /// <summary>How many messages were published to all channels since the process started.</summary>
    public long CountAllPublished() => services.Statistics.CountAllPublished(_instance);

    /// <summary>The numbers of a channel; <see langword="null"/> when there is none of this name.</summary>
    public async ValueTask<PushStreamChannelCount?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var address = await services.Names.ResolveAsync(name, cancellationToken);
        var (status, channel) = await services.Channels.Catalog.GetAsync(address.Channel, cancellationToken);
        return status != CatalogStatus.Done ? null
            : channel!.Type == ChannelType.SeparateRooms && address.Room is null ? await CountRoomsAsync(address, cancellationToken)
            : await CountAsync(address, cancellationToken);
    }

    /// <summary>The numbers of every channel that is stored, holds messages or has readers.</summary>
    /// <param name="prefix">Only names that start with this.</param>
    /// <param name="cancellationToken">Abandons the count.</param>
    public async ValueTask<List<PushStreamChannelCount>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        // What follows a dot may be a room.
        var channelPrefix = prefix.Split('.')[0];
        var stored = await ListStoredAsync(channelPrefix, cancellationToken);
        var addresses = new HashSet<ChannelAddress>(stored);
        addresses.UnionWith(await ListOccupiedAsync(channelPrefix, cancellationToken));
        addresses.UnionWith(services.Statistics.ListPublished(_instance, channelPrefix).Select(published => published.Address));
        var counts = new List<PushStreamChannelCount>();
        foreach (var address in addresses.Where(address => PushStreamWriter.NameOf(address).StartsWith(prefix, StringComparison.Ordinal)))
        {
            var count = await CountAsync(address, cancellationToken);
            if (count.StoredMessages > 0 || count.Subscribers > 0 || stored.Contains(address))
            {
                counts.Add(count);
            }
        }

        counts.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return counts;
    }

    private async ValueTask<PushStreamChannelCount> CountAsync(ChannelAddress address, CancellationToken cancellationToken)
    {
        var stored = 0;
        await foreach (var page in ReadAsync(address, cancellationToken))
        {
            stored += page.Count;
        }

        var (_, subscriptions, _) = await services.Channels.Presence.CountAsync(address, cancellationToken);
        return new(PushStreamWriter.NameOf(address), services.Statistics.CountPublished(address), stored, subscriptions);
    }

    /// <summary>The numbers of all rooms of a channel in one.</summary>
    private async ValueTask<PushStreamChannelCount> CountRoomsAsync(ChannelAddress address, CancellationToken cancellationToken)
    {
        var total = new PushStreamChannelCount(address.Channel, 0, 0, 0);
        foreach (var count in await ListAsync($"{address.Channel}.", cancellationToken))
        {
            total = total with
            {
                PublishedMessages = total.PublishedMessages + count.PublishedMessages,
                StoredMessages = total.StoredMessages + count.StoredMessages,
                Subscribers = total.Subscribers + count.Subscribers,
            };
        }

        return total;
    }

    /// <summary>The stored channels; of one with rooms, those that hold messages.</summary>
    private async ValueTask<HashSet<ChannelAddress>> ListStoredAsync(string prefix, CancellationToken cancellationToken)
    {
        var addresses = new HashSet<ChannelAddress>();
        IReadOnlyList<ChannelDescriptor> page = [];
        do
        {
            var after = page.Count > 0 ? page[^1].Sequence : (long?)null;
            page = await services.Channels.Catalog.ListAsync(new() { Limit = PageSize, After = after, NamePrefix = prefix }, cancellationToken);
            foreach (var channel in page)
            {
                var address = new ChannelAddress(channel.Name, null, channel.Instance);
                if (channel.Type != ChannelType.SeparateRooms)
                {
                    addresses.Add(address);
                    continue;
                }

                await foreach (var messages in ReadAsync(address, cancellationToken))
                {
                    addresses.UnionWith(messages.Select(message => message.Address));
                }
            }
        }
        while (page.Count == PageSize);

        return addresses;
    }

    private async ValueTask<HashSet<ChannelAddress>> ListOccupiedAsync(string prefix, CancellationToken cancellationToken)
    {
        var addresses = new HashSet<ChannelAddress>();
        ChannelAddress? after = null;
        OccupancyPage page;
        do
        {
            page = await services.Channels.Presence.ListOccupiedAsync(prefix, after, PageSize, cancellationToken);
            addresses.UnionWith(page.Addresses.Select(found => found.Address));
            after = page.HasMore ? page.Addresses[^1].Address : default(ChannelAddress?);
        }
        while (page.HasMore);

        return addresses;
    }

    /// <summary>What is kept, in all rooms where the address names none.</summary>
    private async IAsyncEnumerable<IReadOnlyList<ChannelMessage>> ReadAsync(
        ChannelAddress address, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        MessageCursor? before = null;
        HistoryPage page;
        do
        {
            page = await services.Channels.ReadHistoryAsync(address, new() { Limit = PageSize, Before = before, AllRooms = true }, cancellationToken);
            before = page.HasMore ? page.Messages[^1].Cursor : null;
            yield return page.Messages;
        }
        while (page.HasMore);
    }
}
