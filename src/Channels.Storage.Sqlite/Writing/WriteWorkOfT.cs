using Channels.Storage.Sqlite.Connections;

namespace Channels.Storage.Sqlite.Writing;

/// <summary>Work with a result.</summary>
internal abstract class WriteWork<T>(StoreErrors errors, CancellationToken cancellationToken) : WriteWork
{
    // Callers go on elsewhere, never on the writer thread.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    /// <summary>Ends with the work, or before it when the caller stops waiting.</summary>
    public Task<T> Task => cancellationToken.CanBeCanceled ? _completion.Task.WaitAsync(cancellationToken) : _completion.Task;

    public override bool TryCancel() => cancellationToken.IsCancellationRequested && _completion.TrySetCanceled(cancellationToken);

    public override void Do(StoreWriter writer) => _result = Run(writer);

    public override void Complete() => _completion.TrySetResult(_result!);

    public override void Fail(Exception exception)
    {
        _completion.TrySetException(errors.ForCaller(exception, "write"));

        // A caller who stopped waiting does not look at it.
        _ = _completion.Task.Exception;
    }

    protected abstract T Run(StoreWriter writer);
}
