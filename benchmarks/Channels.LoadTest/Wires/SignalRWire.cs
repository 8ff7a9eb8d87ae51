using System.Text;
using System.Text.Json;
using Channels.LoadTest.Client;
using Channels.LoadTest.Roles;

namespace Channels.LoadTest.Wires;

/// <summary>The JSON protocol of a SignalR hub: over a WebSocket without negotiation, or by long polling.</summary>
internal sealed class SignalRWire : Wire
{
    private const string Handshake = "{\"protocol\":\"json\",\"version\":1}\u001e";

    public override string Role => RoleNames.SignalR;

    public override string Title => "SignalR";

    public override ReadOnlyMemory<byte> Hello { get; } = ClientFrame.Text(Encoding.ASCII.GetBytes(Handshake));

    /// <summary>Negotiates, has the connection opened by a first poll, says hello, and polls until the hub has greeted.</summary>
    public override async ValueTask<PollLine> BeginPollsAsync(HttpLine line, string address, CancellationToken cancellationToken)
    {
        await line.ExchangeAsync(Request("POST", $"{SignalRRole.HubPath}/negotiate?negotiateVersion=1"), cancellationToken);
        using var negotiated = JsonDocument.Parse(HttpAnswer.Body(line.Answer));
        var path = $"{PollPath(address)}&id={negotiated.RootElement.GetProperty("connectionToken").GetString()}";
        var poll = Request("GET", path);
        await line.ExchangeAsync(poll, cancellationToken);
        await line.ExchangeAsync(Request("POST", path, Handshake), cancellationToken);
        do
        {
            await line.ExchangeAsync(poll, cancellationToken);
        }
        while (line.Answer.Span.IndexOf("ready"u8) < 0);
        return new(line, poll, Request("DELETE", path));
    }

    protected override (string Before, string After) Envelope => ("{\"payload\":", "}");

    protected override string StreamPath(StreamStart start) => $"{SignalRRole.HubPath}?{SignalRRole.AddressField}={start.Address}";

    protected override string PollPath(string address) => StreamPath(new(address));

    protected override string PublishPath(string address) => $"{SignalRRole.PublishPath}/{address}";
}
