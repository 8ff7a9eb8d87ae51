namespace Channels.Engine;

/// <summary>How much was handed on.</summary>
internal sealed partial class InstanceLog
{
    private readonly PublishedCounts _published = new();

    /// <summary>How many messages an address got.</summary>
    public long CountPublished(in ChannelAddress address)
    {
        lock (_gate)
        {
            return _published.Of(address);
        }
    }

    /// <summary>How many messages all addresses got.</summary>
    public long CountPublished()
    {
        lock (_gate)
        {
            return _published.Total;
        }
    }

    /// <summary>The addresses that got messages, in order.</summary>
    public List<PublishedCount> ListPublished(string prefix)
    {
        List<PublishedCount> found;
        lock (_gate)
        {
            found = _published.Copy(prefix);
        }

        found.Sort(static (left, right) => AddressOrder.Instance.Compare(left.Address, right.Address));
        return found;
    }
}
