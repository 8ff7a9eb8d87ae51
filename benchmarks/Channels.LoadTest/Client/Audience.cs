namespace Channels.LoadTest.Client;

/// <summary>What all connections of a run wait for together.</summary>
internal sealed class Audience
{
    private readonly int _size;
    private readonly TaskCompletionSource _ready = NewSource();
    private TaskCompletionSource _reached = NewSource();
    private long _target = long.MaxValue;
    private int _notReady;
    private int _notReached;

    /// <param name="size">How many connections there are.</param>
    public Audience(int size)
    {
        _size = size;
        _notReady = size;
    }

    /// <summary>Completes when every connection has been greeted by the server.</summary>
    public Task AllReady => _ready.Task;

    /// <summary>How many messages every connection has to have received.</summary>
    public long Target => Volatile.Read(ref _target);

    /// <summary>Where times are noted, if they are.</summary>
    public LatencyLog? Latency { get; set; }

    /// <summary>Sets the next target.</summary>
    /// <param name="messages">More than at the last target.</param>
    /// <returns>Completes when all have reached it.</returns>
    public Task Expect(long messages)
    {
        _reached = NewSource();
        Volatile.Write(ref _notReached, _size);
        Volatile.Write(ref _target, messages);
        return _reached.Task;
    }

    public void Ready()
    {
        if (Interlocked.Decrement(ref _notReady) == 0)
        {
            _ready.TrySetResult();
        }
    }

    public void Reached()
    {
        if (Interlocked.Decrement(ref _notReached) == 0)
        {
            _reached.TrySetResult();
        }
    }

    public void Fail(Exception exception)
    {
        _ready.TrySetException(exception);
        _reached.TrySetException(exception);
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
