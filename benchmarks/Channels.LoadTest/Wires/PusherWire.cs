using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Channels.LoadTest.Client;
using Channels.LoadTest.Roles;

namespace Channels.LoadTest.Wires;

/// <summary>Pusher clients of the same server, subscribed to several channels, and signed triggers.</summary>
internal sealed class PusherWire : Wire
{
    /// <summary>Channels of each client.</summary>
    public const int Channels = 3;

    private const string EventsPath = "/apps/1/events";

    public override string Role => RoleNames.Channels;

    public override string Title => "Channels (Pusher)";

    /// <summary>Nobody is subscribed to <c>ready</c>: that it cannot be left comes behind the answers to the subscriptions.</summary>
    public override ReadOnlyMemory<byte> Hello { get; } = (byte[])
    [
        .. Enumerable.Range(0, Channels).SelectMany(number => Event("subscribe", Address(number))),
        .. Event("unsubscribe", "ready"),
    ];

    /// <summary>A signed request that publishes a payload to the first channel.</summary>
    public static ReadOnlyMemory<byte> Trigger(long sequence)
    {
        var payload = LoadMessage.NewPayload();
        LoadMessage.Stamp(payload, sequence, timestamp: 0);
        var data = Encoding.ASCII.GetString(payload).Replace("\"", "\\\"", StringComparison.Ordinal);
        var body = $$"""{"name":"message","channels":["{{Address(0)}}"],"data":"{{data}}"}""";
        var timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
#pragma warning disable CA5351 // the protocol's own digest
        var digest = Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes(body)));
#pragma warning restore CA5351
        var query = $"auth_key={ChannelsRole.PusherKey}&auth_timestamp={timestamp}&auth_version=1.0&body_md5={digest}";
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(
            Encoding.ASCII.GetBytes(ChannelsRole.PusherSecret), Encoding.ASCII.GetBytes($"POST\n{EventsPath}\n{query}")));
        return Encoding.ASCII.GetBytes(
            $"POST {EventsPath}?{query}&auth_signature={signature} HTTP/1.1\r\nHost: localhost\r\n" +
            $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    protected override string StreamPath(StreamStart start) => $"/app/{ChannelsRole.PusherKey}?protocol=7&client=load-test&version=1";

    protected override string PollPath(string address) => throw new InvalidOperationException("Only streams are measured.");

    protected override string PublishPath(string address) => throw new InvalidOperationException("Triggers are signed.");

    private static byte[] Event(string name, string channel) =>
        ClientFrame.Text(Encoding.ASCII.GetBytes($$"""{"event":"pusher:{{name}}","data":{"channel":"{{channel}}"} }"""));
}
