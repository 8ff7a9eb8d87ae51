using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.SocketIo.EngineIo;

/// <summary>What an application does with one session.</summary>
internal interface IEngineIoMessages
{
    /// <summary>Takes a text message. The next one is not given before the answer, which must not take long: nothing is received meanwhile.</summary>
    /// <param name="text">UTF-8, valid until the answer.</param>
    ValueTask OnTextAsync(ReadOnlyMemory<byte> text);

    /// <summary>Takes a binary message, as <see cref="OnTextAsync"/> does.</summary>
    /// <param name="bytes">The bytes, valid until the answer.</param>
    ValueTask OnBinaryAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>Makes the frame of a delivery of the session's connection; empty for nothing to say.</summary>
    Frame Encode(in Delivery delivery);

    /// <summary>The session has ended, whatever the cause. Called once, on any thread: must be short.</summary>
    void OnClosed();
}
