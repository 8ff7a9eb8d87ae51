using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Channels.Engine;

/// <summary>
/// How many messages were handed on to each address. It remembers the addresses used last, in two generations: when the newer is full, it becomes the
/// older, and the older is forgotten. Guarded by the dispatcher's lock.
/// </summary>
internal sealed class PublishedCounts
{
    private const int GenerationSize = 65_536;

    private Dictionary<ChannelAddress, long> _newer = new(NameComparer.Instance);
    private Dictionary<ChannelAddress, long> _older = new(NameComparer.Instance);

    /// <summary>How many messages all addresses got, forgotten ones included.</summary>
    public long Total { get; private set; }

    public void Add(in ChannelAddress address)
    {
        Total++;
        ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(_newer, address);
        if (Unsafe.IsNullRef(ref known))
        {
            Remember(address);
            return;
        }

        known++;
    }

    public long Of(in ChannelAddress address) => _newer.TryGetValue(address, out var count) ? count : _older.GetValueOrDefault(address);

    /// <summary>Copies what is known of channels whose name starts with a prefix, in no order.</summary>
    public List<PublishedCount> Copy(string prefix)
    {
        var found = new List<PublishedCount>();
        foreach (var (address, count) in _newer.Concat(_older))
        {
            if (address.Channel.StartsWith(prefix, StringComparison.Ordinal))
            {
                found.Add(new(address, count));
            }
        }

        return found;
    }

    /// <summary>Starts an address anew.</summary>
    /// <returns>Whether it was known.</returns>
    public bool Remove(in ChannelAddress address) => _newer.Remove(address) || _older.Remove(address);

    /// <summary>Starts all addresses of a channel anew.</summary>
    public void RemoveChannel(string channel)
    {
        RemoveChannel(_newer, channel);
        RemoveChannel(_older, channel);
    }

    private static void RemoveChannel(Dictionary<ChannelAddress, long> counts, string channel)
    {
        foreach (var address in counts.Keys)
        {
            if (string.Equals(address.Channel, channel, StringComparison.Ordinal))
            {
                counts.Remove(address);
            }
        }
    }

    private void Remember(in ChannelAddress address)
    {
        if (_newer.Count == GenerationSize)
        {
            (_newer, _older) = (_older, _newer);
            _newer.Clear();
        }

        // An address is in one generation only.
        _older.Remove(address, out var before);
        _newer.Add(address, before + 1);
    }

    /// <summary>Compares addresses of one instance.</summary>
    private sealed class NameComparer : IEqualityComparer<ChannelAddress>
    {
        public static readonly NameComparer Instance = new();

        public bool Equals(ChannelAddress x, ChannelAddress y) =>
            string.Equals(x.Channel, y.Channel, StringComparison.Ordinal) && string.Equals(x.Room, y.Room, StringComparison.Ordinal);

        public int GetHashCode(ChannelAddress obj) => obj.Room is null ? obj.Channel.GetHashCode(StringComparison.Ordinal) : HashCode.Combine(obj.Channel, obj.Room);
    }
}
