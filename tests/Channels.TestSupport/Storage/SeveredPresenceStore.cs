namespace Channels.TestSupport.Storage;

/// <summary>A presence store that can be cut off from its node, as when the node was killed.</summary>
public sealed class SeveredPresenceStore(IPresenceStore inner) : IPresenceStore
{
    public bool IsSevered { get; set; }

    public ValueTask<bool> RenewAsync(string node, TimeSpan lease, CancellationToken cancellationToken) =>
        Reach().RenewAsync(node, lease, cancellationToken);

    public ValueTask AddAsync(string node, ChannelAddress address, PresenceMember member, CancellationToken cancellationToken) =>
        Reach().AddAsync(node, address, member, cancellationToken);

    public ValueTask RemoveAsync(string node, ChannelAddress address, string memberId, CancellationToken cancellationToken) =>
        Reach().RemoveAsync(node, address, memberId, cancellationToken);

    public ValueTask EndAsync(string node, CancellationToken cancellationToken) => Reach().EndAsync(node, cancellationToken);

    public ValueTask<PresenceSlice> ReadAfterAsync(string instance, long after, int limit, CancellationToken cancellationToken) =>
        Reach().ReadAfterAsync(instance, after, limit, cancellationToken);

    private IPresenceStore Reach() => IsSevered ? throw new ChannelStoreException("The store cannot be reached.") : inner;
}
