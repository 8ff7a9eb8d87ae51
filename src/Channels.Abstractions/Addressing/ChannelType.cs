namespace Channels;

/// <summary>How a channel divides its messages.</summary>
public enum ChannelType
{
    /// <summary>One order and one history; rooms are ignored.</summary>
    Default,

    /// <summary>Each room has its own order and history; publishing and polling need a room.</summary>
    SeparateRooms,
}
