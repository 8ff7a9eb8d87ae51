using System.Collections.Immutable;

namespace Channels.Storage.Memory;

/// <summary>Stored descriptors of an instance by creation and by name; immutable, so that lists are read without holding up appends.</summary>
internal sealed class ChannelIndex
{
    private static readonly Comparer<ChannelDescriptor> BySequence =
        Comparer<ChannelDescriptor>.Create(static (left, right) => left.Sequence.CompareTo(right.Sequence));

    private static readonly Comparer<ChannelDescriptor> ByName =
        Comparer<ChannelDescriptor>.Create(static (left, right) => string.CompareOrdinal(left.Name, right.Name));

    private readonly ImmutableSortedSet<ChannelDescriptor> _bySequence;
    private readonly ImmutableSortedSet<ChannelDescriptor> _byName;

    private ChannelIndex(ImmutableSortedSet<ChannelDescriptor> bySequence, ImmutableSortedSet<ChannelDescriptor> byName) =>
        (_bySequence, _byName) = (bySequence, byName);

    public static ChannelIndex Empty { get; } =
        new(ImmutableSortedSet.Create<ChannelDescriptor>(BySequence), ImmutableSortedSet.Create<ChannelDescriptor>(ByName));

    public ChannelIndex Add(ChannelDescriptor descriptor) => new(_bySequence.Add(descriptor), _byName.Add(descriptor));

    public ChannelIndex Remove(ChannelDescriptor descriptor) => new(_bySequence.Remove(descriptor), _byName.Remove(descriptor));

    public ChannelDescriptor[] List(ChannelListQuery query)
    {
        var matches = string.IsNullOrEmpty(query.NamePrefix) ? InRange(query) : WithPrefix(query, query.NamePrefix);
        return [.. matches.Take(query.Limit)];
    }

    private IEnumerable<ChannelDescriptor> InRange(ChannelListQuery query)
    {
        var from = query.After is { } after ? IndexFrom(after, isAfter: true) : 0;
        var to = query.Before is { } before ? IndexFrom(before, isAfter: false) : _bySequence.Count;
        for (var i = 0; i < to - from; i++)
        {
            yield return _bySequence[query.NewestFirst ? to - 1 - i : from + i];
        }
    }

    private int IndexFrom(long sequence, bool isAfter)
    {
        var index = _bySequence.IndexOf(new ChannelDescriptor { Name = "", Sequence = sequence });
        return index < 0 ? ~index : index + (isAfter ? 1 : 0);
    }

    private IEnumerable<ChannelDescriptor> WithPrefix(ChannelListQuery query, string prefix)
    {
        var matches = Named(prefix).Where(descriptor => descriptor.Sequence > (query.After ?? 0) && descriptor.Sequence < (query.Before ?? long.MaxValue));
        return query.NewestFirst ? matches.OrderDescending(BySequence) : matches.Order(BySequence);
    }

    private IEnumerable<ChannelDescriptor> Named(string prefix)
    {
        var first = _byName.IndexOf(new ChannelDescriptor { Name = prefix });
        for (var i = first < 0 ? ~first : first; i < _byName.Count && _byName[i].Name.StartsWith(prefix, StringComparison.Ordinal); i++)
        {
            yield return _byName[i];
        }
    }
}
