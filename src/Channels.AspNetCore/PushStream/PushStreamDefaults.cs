namespace Channels.AspNetCore.PushStream;

/// <summary>Fixed words of the push stream front end.</summary>
public static class PushStreamDefaults
{
    /// <summary>Name under which templates and callers know the front end, such as in <c>OnlyThrough</c>.</summary>
    public const string FrontEnd = "pushstream";

    /// <summary>Name of the limit in <c>ChannelsOptions.Limits</c> that every request of a subscriber counts against, by caller; without it there is none.</summary>
    public const string RequestLimit = "pushstream.requests";
}
