namespace Channels.AspNetCore.Connections;

/// <summary>Something that waits for deadlines.</summary>
internal interface IDeadlineListener
{
    /// <summary>
    /// Runs once on the timer's thread, without any lock held: must be short. A deadline that is cancelled at this very moment may still
    /// come; the listener compares it with the one that it waits for.
    /// </summary>
    /// <param name="deadline">What is due.</param>
    void OnDue(Deadline deadline);
}
