namespace Channels;

/// <summary>What a caller wants to do on an address; rules and grants name a set of them.</summary>
[Flags]
public enum ChannelOperations
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Receive messages as they are published, by poll or subscription.</summary>
    Subscribe = 1,

    /// <summary>Read stored messages.</summary>
    History = 2,

    /// <summary>See who is there.</summary>
    Presence = 4,

    /// <summary>Publish messages.</summary>
    Publish = 8,

    /// <summary>Everything that only looks.</summary>
    Read = Subscribe | History | Presence,

    /// <summary>Everything.</summary>
    All = Read | Publish,
}
