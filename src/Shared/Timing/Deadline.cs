namespace Channels.Timing;

/// <summary>A moment that somebody waits for; link of the list of its duration, which <see cref="DeadlineQueue"/> guards.</summary>
internal abstract class Deadline
{
    /// <summary>When, in ticks of the clock since its start.</summary>
    public long Due { get; set; }

    /// <summary>Where it waits; <see langword="null"/> once it is due or removed.</summary>
    public DeadlineList? List { get; set; }

    public Deadline? PreviousDue { get; set; }

    public Deadline? NextDue { get; set; }

    /// <summary>
    /// Runs once on the timer's thread, without any lock held: must be short. One that is removed at this very moment may still come.
    /// </summary>
    public abstract void OnDue();
}
