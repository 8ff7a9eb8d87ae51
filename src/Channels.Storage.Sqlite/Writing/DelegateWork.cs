using Channels.Storage.Sqlite.Connections;

namespace Channels.Storage.Sqlite.Writing;

/// <summary>Anything that is not hot.</summary>
internal sealed class DelegateWork<T>(Func<StoreWriter, T> body, StoreErrors errors, CancellationToken cancellationToken)
    : WriteWork<T>(errors, cancellationToken)
{
    protected override T Run(StoreWriter writer) => body(writer);
}
