using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.SocketIo.Packets;

/// <summary>What an application does with one socket.</summary>
internal interface ISocketIoEvents
{
    /// <summary>Takes an event. The next one of the socket is not given before the answer. Must not throw.</summary>
    /// <param name="packet">The event.</param>
    /// <param name="cancellationToken">Cancelled when the socket is disconnected.</param>
    ValueTask OnEventAsync(SocketIoEventPacket packet, CancellationToken cancellationToken);

    /// <summary>Makes the frame of a delivery of the connection; only the main namespace's socket is asked. Empty for nothing to say.</summary>
    Frame Encode(in Delivery delivery);

    /// <summary>The socket is disconnected, whatever the cause. Called once, on any thread: must be short.</summary>
    void OnDisconnected();
}
