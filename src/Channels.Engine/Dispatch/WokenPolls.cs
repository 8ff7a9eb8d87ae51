namespace Channels.Engine;

/// <summary>Polls that are taken out of the list of their address to be woken.</summary>
/// <param name="Feed">The address.</param>
/// <param name="Polls">The polls.</param>
/// <param name="From">The node before the first message that they have not seen.</param>
internal readonly record struct WokenPolls(AddressFeed Feed, PollList Polls, TailNode From)
{
    public void Wake(DateTimeOffset now)
    {
        Polls.Wake(Feed, From, now);
        Feed.EndWaking();
    }
}
