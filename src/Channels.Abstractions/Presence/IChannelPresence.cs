namespace Channels;

/// <summary>Who is where; a view of one instance for one caller, like <see cref="IChannels.Catalog"/>. Joining is for connections.</summary>
public interface IChannelPresence
{
    /// <summary>Largest permitted limit of a page.</summary>
    const int MaxLimit = 1000;

    /// <summary>Lists the members of an address.</summary>
    /// <param name="address">The address; <see cref="ChannelOperations.Presence"/> decides.</param>
    /// <param name="afterId">Only members whose id is greater, compared by code unit.</param>
    /// <param name="limit">How many at most, 0–1,000.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of range.</exception>
    ValueTask<PresencePage> ListAsync(
        ChannelAddress address, string? afterId = null, int limit = 100, CancellationToken cancellationToken = default);

    /// <summary>Counts without making lists.</summary>
    /// <param name="address">The address; <see cref="ChannelOperations.Presence"/> decides.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    ValueTask<OccupancyCount> CountAsync(ChannelAddress address, CancellationToken cancellationToken = default);

    /// <summary>Lists addresses on which somebody is; for the host, administrators and API keys that ignore permissions.</summary>
    /// <param name="prefix">Only channels whose name starts with this, compared by code unit.</param>
    /// <param name="after">Only addresses behind this one.</param>
    /// <param name="limit">How many at most, 0–1,000.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of range.</exception>
    ValueTask<OccupancyPage> ListOccupiedAsync(
        string prefix = "", ChannelAddress? after = null, int limit = 100, CancellationToken cancellationToken = default);
}
