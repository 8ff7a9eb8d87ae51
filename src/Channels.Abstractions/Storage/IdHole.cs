namespace Channels;

/// <summary>
/// Ids that no message of the log has because a run of the store ended before them and the next began behind them. A cursor strictly between
/// the bounds may stand behind messages that were lost.
/// </summary>
/// <param name="After">Last id of the earlier run; a cursor here is good.</param>
/// <param name="Before">The position that the later run began at; a cursor here is good.</param>
public readonly record struct IdHole(MessageCursor After, MessageCursor Before)
{
    /// <summary>Whether a cursor stands in the hole.</summary>
    /// <param name="cursor">The cursor.</param>
    public bool Contains(MessageCursor cursor) => cursor > After && cursor < Before;
}
