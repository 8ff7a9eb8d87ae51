namespace Channels.Engine;

/// <summary>What an address reader can give next.</summary>
internal enum ReaderState
{
    /// <summary>Nothing yet.</summary>
    Nothing,

    /// <summary>Nothing before the store has been read.</summary>
    NeedsStore,

    /// <summary>A gap.</summary>
    Gap,

    /// <summary>A message.</summary>
    Message,

    /// <summary>The end of the subscription.</summary>
    Ended,
}
