namespace Channels.TestSupport;

/// <summary>A place where code under test waits until the test lets it go on.</summary>
public sealed class SyncPoint
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the code has come here.</summary>
    public Task Reached => _reached.Task.Within();

    /// <summary>Called by the code: waits until <see cref="Release"/>.</summary>
    public Task PassAsync()
    {
        _reached.TrySetResult();
        return _released.Task;
    }

    /// <summary>Lets the code go on, now or when it comes.</summary>
    public void Release() => _released.TrySetResult();
}
