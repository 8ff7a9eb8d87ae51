namespace Channels.AspNetCore.Syncano;

/// <summary>A poll as this wire asks for it.</summary>
/// <param name="After">Last message seen; <see langword="null"/> for only what is new.</param>
/// <param name="Room">Name of the room, in lower case, if one was given.</param>
internal readonly record struct PollRequest(MessageCursor? After, string? Room)
{
    /// <summary>Where a subscription starts that stands for repeated polls.</summary>
    public SubscribeFrom From => After is { } cursor ? SubscribeFrom.After(cursor).ContinueOverGaps() : SubscribeFrom.Now;
}
