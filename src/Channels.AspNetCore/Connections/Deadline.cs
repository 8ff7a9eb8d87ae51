namespace Channels.AspNetCore.Connections;

/// <summary>A moment that somebody waits for; link of the list of its duration, which <see cref="Deadlines"/> guards.</summary>
/// <param name="due">When, in ticks of the clock since its start.</param>
/// <param name="listener">Who waits.</param>
internal sealed class Deadline(long due, IDeadlineListener listener)
{
    public long Due => due;

    public IDeadlineListener Listener => listener;

    /// <summary>Where it waits; <see langword="null"/> once it is due or cancelled.</summary>
    public DeadlineList? List { get; set; }

    public Deadline? Previous { get; set; }

    public Deadline? Next { get; set; }

    public void Leave() => (List, Previous, Next) = (null, null, null);
}
