namespace Channels.Engine;

/// <summary>Reads once what follows positions in several addresses, merged: from their tails, and from the store where a tail does not reach back.</summary>
/// <param name="instance">Whose messages.</param>
/// <param name="context">The store and the clock.</param>
/// <param name="feeds">The addresses.</param>
/// <param name="after">The position in each of them.</param>
/// <param name="bound">Up to where messages have been handed on; nothing later is read.</param>
/// <param name="limit">How many messages at most.</param>
internal sealed class MergedReading(string instance, EngineContext context, AddressFeed[] feeds, long[] after, long bound, int limit)
{
    private readonly DateTimeOffset _now = context.Time.GetUtcNow();

    /// <summary>What was read, by ascending id.</summary>
    public List<ChannelMessage> Messages { get; } = [];

    /// <summary>Everything up to here that is visible is among the messages.</summary>
    public long Through { get; private set; }

    /// <summary>The highest id that was removed from an address behind its position; 0 for none.</summary>
    public long RemovedThrough { get; private set; }

    public async ValueTask ReadAsync(CancellationToken cancellationToken)
    {
        Through = bound;
        List<Behind>? behind = null;
        for (var i = 0; i < feeds.Length; i++)
        {
            if (feeds[i].Locate(after[i]) is { } node)
            {
                AddTail(node, after[i]);
            }
            else
            {
                // Everything later than the floor comes from the tail, which has transient messages too and nothing that is not handed on yet.
                (behind ??= []).Add(new(feeds[i], after[i], feeds[i].Floor));
            }
        }

        if (behind is not null)
        {
            await ReadStoreAsync(behind, cancellationToken).ConfigureAwait(false);
        }

        Messages.Sort(static (left, right) => left.Id.CompareTo(right.Id));
        Messages.RemoveAll(message => message.Id > Through);
        if (Messages.Count > limit)
        {
            Messages.RemoveRange(limit, Messages.Count - limit);
            Through = Messages[^1].Id;
        }
    }

    private async ValueTask ReadStoreAsync(List<Behind> behind, CancellationToken cancellationToken)
    {
        var slice = await context.Messages.ReadAfterAsync(
            instance, behind.ConvertAll(static place => new ReadPosition(place.Feed.Address, new(place.After))), limit, cancellationToken).ConfigureAwait(false);
        if (slice.Messages.Count >= limit)
        {
            Through = Math.Min(Through, slice.Through.Value);
        }

        AddStored(slice.Messages, behind);
        for (var i = 0; i < behind.Count; i++)
        {
            var (feed, position, floor) = behind[i];
            var removed = Math.Min(slice.RemovedThrough[i].Value, floor);
            RemovedThrough = Math.Max(RemovedThrough, removed > position ? removed : 0);
            if (feed.Locate(floor) is { } node)
            {
                AddTail(node, floor);
            }
            else
            {
                // The tail has moved on meanwhile: what is behind the old floor is for the next reading.
                Through = Math.Min(Through, floor);
            }
        }
    }

    private void AddStored(IReadOnlyList<ChannelMessage> messages, List<Behind> behind)
    {
        if (behind.Count == 1)
        {
            Messages.AddRange(messages.Where(message => message.Id <= behind[0].Floor));
            return;
        }

        var floors = behind.ToDictionary(static place => place.Feed.Address, static place => place.Floor);
        Messages.AddRange(messages.Where(message => message.Id <= floors[message.Address]));
    }

    private void AddTail(TailNode node, long position)
    {
        var added = 0;
        for (; node.Next is { } next; node = next)
        {
            if (next == TailNode.Cut)
            {
                Through = Math.Min(Through, Math.Max(position, node.Message?.Id ?? 0));
                return;
            }

            var message = next.Message!;
            if (message.Id > bound)
            {
                return;
            }

            if (message.Id > position && message.ExpiresAt > _now)
            {
                Messages.Add(message);
                if (++added == limit)
                {
                    Through = Math.Min(Through, message.Id);
                    return;
                }
            }
        }
    }

    /// <param name="Feed">An address whose tail does not reach back.</param>
    /// <param name="After">The position in it.</param>
    /// <param name="Floor">Where its tail began.</param>
    private readonly record struct Behind(AddressFeed Feed, long After, long Floor);
}
