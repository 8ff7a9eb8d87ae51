namespace Channels.AspNetCore.SocketIo.Packets;

/// <summary>Types of packets; the wire has their number.</summary>
internal enum SocketIoPacketType
{
    /// <summary>Joins a namespace, or tells that it was joined.</summary>
    Connect,

    /// <summary>Leaves a namespace.</summary>
    Disconnect,

    /// <summary>Carries an event.</summary>
    Event,

    /// <summary>Answers an event.</summary>
    Ack,

    /// <summary>Refuses a namespace; called CONNECT_ERROR in protocol 5.</summary>
    Error,

    /// <summary>Carries an event whose binary values follow.</summary>
    BinaryEvent,

    /// <summary>Answers an event with binary values that follow.</summary>
    BinaryAck,
}
