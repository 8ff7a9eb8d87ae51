namespace Channels.AspNetCore.Connections;

/// <summary>A moment that somebody waits for.</summary>
/// <param name="due">When, in ticks of the clock since its start.</param>
/// <param name="number">Orders deadlines that are due at the same tick.</param>
/// <param name="listener">Who waits.</param>
internal sealed class Deadline(long due, long number, IDeadlineListener listener)
{
    public static IComparer<Deadline> ByDueTime { get; } = Comparer<Deadline>.Create(
        static (left, right) => (left.Due, left.Number).CompareTo((right.Due, right.Number)));

    public long Due => due;

    public long Number => number;

    public IDeadlineListener Listener => listener;
}
