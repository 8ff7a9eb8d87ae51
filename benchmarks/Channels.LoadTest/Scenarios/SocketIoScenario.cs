using Channels.LoadTest.Wires;

namespace Channels.LoadTest.Scenarios;

/// <summary>Socket.IO clients that subscribe by Speakap's command.</summary>
internal sealed class SocketIoScenario() : PacedBesideNativeScenario("Socket.IO", new SocketIoWire(), new(), channels: 1)
{
    public override string Name => "socketio";
}
