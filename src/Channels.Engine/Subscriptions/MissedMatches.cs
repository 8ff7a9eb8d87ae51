namespace Channels.Engine;

/// <summary>What a pattern could not attach, because the connection has not read the end of the address's last subscription yet.</summary>
/// <param name="After">Where to go on once it has.</param>
/// <param name="Gap">What is not told even then, because the channel changed again since.</param>
internal sealed record MissedMatches(long After, MessageGap? Gap = null)
{
    /// <summary>Goes on behind a change of the channel: what was missed before it may not have been allowed, or is deleted.</summary>
    public MissedMatches GoOnBehind(long position) => new(position, new MessageGap(Gap?.Requested ?? new(After), new(position)));
}
