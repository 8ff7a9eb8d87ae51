namespace Channels.Engine;

/// <summary>
/// Stands for a waiting poll in the lists of its addresses. A poll that has ended leaves its tickets empty, and they are thrown away when a list
/// needs room: ending costs the same whatever the number of addresses, and holds no lock of theirs.
/// </summary>
internal sealed class PollTicket(PollWaiter waiter)
{
    private volatile PollWaiter? _waiter = waiter;

    /// <summary>The poll; none when it has ended.</summary>
    public PollWaiter? Waiter => _waiter;

    public void Clear() => _waiter = null;
}
