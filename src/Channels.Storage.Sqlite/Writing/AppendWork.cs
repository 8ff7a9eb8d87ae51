using Channels.Storage.Sqlite.Connections;

namespace Channels.Storage.Sqlite.Writing;

/// <summary>Appends one batch; batches of several instances that wait share a transaction.</summary>
internal sealed class AppendWork(string instance, IReadOnlyList<AppendEntry> batch, StoreErrors errors, CancellationToken cancellationToken)
    : WriteWork<AppendResult>(errors, cancellationToken)
{
    // A caller who stops waiting may use the list again.
    private readonly AppendEntry[] _batch = [.. batch];

    public override bool CanShare => true;

    protected override AppendResult Run(StoreWriter writer) => writer.Append(instance, _batch);
}
