using Channels.LoadTest.Client;
using Channels.LoadTest.Roles;

namespace Channels.LoadTest.Wires;

/// <summary>Socket.IO 5 over a WebSocket: joins, subscribes to the first channel, and receives events.</summary>
internal sealed class SocketIoWire : Wire
{
    public override string Role => RoleNames.Channels;

    public override string Title => "Channels (Socket.IO)";

    /// <summary>There is no channel <c>ready</c>: its refusal comes with the answer, behind which everything is delivered.</summary>
    public override ReadOnlyMemory<byte> Hello { get; } = (byte[])
    [
        .. ClientFrame.Text("40"u8),
        .. ClientFrame.Text(System.Text.Encoding.ASCII.GetBytes($$"""420["subscribe",{"channel":"{{Address(0)}} ready","accessToken":"{{ChannelsRole.Token}}"}]""")),
    ];

    protected override string StreamPath(StreamStart start) => "/socket.io/?EIO=4&transport=websocket";

    protected override string PollPath(string address) => throw new InvalidOperationException("Only streams are measured.");

    protected override string PublishPath(string address) => throw new InvalidOperationException("Only streams are measured.");
}
