using Channels.LoadTest.Client;
using Channels.LoadTest.Roles;

namespace Channels.LoadTest.Wires;

/// <summary>The JSON protocol of a SignalR hub over a WebSocket, without negotiation.</summary>
internal sealed class SignalRWire : Wire
{
    public override string Role => RoleNames.SignalR;

    public override string Title => "SignalR";

    public override ReadOnlyMemory<byte> Hello { get; } = ClientFrame.Text("{\"protocol\":\"json\",\"version\":1}\u001e"u8);

    public override string WhyNoPolls =>
        "SignalR's long polling needs a negotiation, a handshake and a poll for each client; the lean client speaks WebSocket only";

    protected override (string Before, string After) Envelope => ("{\"payload\":", "}");

    protected override string StreamPath(StreamStart start) => $"{SignalRRole.HubPath}?{SignalRRole.AddressField}={start.Address}";

    protected override string PollPath(string address) => throw new InvalidOperationException(WhyNoPolls);

    protected override string PublishPath(string address) => $"{SignalRRole.PublishPath}/{address}";
}
