namespace Channels.Testing;

/// <summary>A timer of a <see cref="ManualTimeProvider"/>, whose lock guards its properties.</summary>
internal sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
{
    // A real timer runs its callback in the context that created it, whoever's thread it is.
    private readonly ExecutionContext? _context = ExecutionContext.Capture();

    /// <summary>Orders by due time, and equal ones by when they were armed.</summary>
    public static IComparer<ManualTimer> ByDueTime { get; } = Comparer<ManualTimer>.Create(
        static (left, right) => (left.DueAt, left.Arming).CompareTo((right.DueAt, right.Arming)));

    public long DueAt { get; set; }

    public long Arming { get; set; }

    /// <summary>Ticks between calls; 0 for a single call.</summary>
    public long Period { get; set; }

    public bool IsDisposed { get; set; }

    public void Fire()
    {
        if (_context is null)
        {
            callback(state);
        }
        else
        {
            ExecutionContext.Run(_context, static timer => ((ManualTimer)timer!).Call(), this);
        }
    }

    public bool Change(TimeSpan dueTime, TimeSpan period) => clock.Arm(this, dueTime, period);

    public void Dispose() => clock.Disarm(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Call() => callback(state);
}
