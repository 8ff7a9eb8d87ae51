using System.Text;
using Channels.LoadTest.Client;

namespace Channels.LoadTest.Wires;

/// <summary>How the client speaks to one of the servers.</summary>
internal abstract class Wire
{
    public static IReadOnlyList<Wire> All { get; } = [new ChannelsWire(), new DirectWire(), new SignalRWire(), new BareWire()];

    /// <summary>The word that starts the server.</summary>
    public abstract string Role { get; }

    /// <summary>What people call it.</summary>
    public abstract string Title { get; }

    /// <summary>What the client says behind the upgrade, as a frame.</summary>
    public virtual ReadOnlyMemory<byte> Hello => default;

    /// <summary>Whether the server says something first.</summary>
    public virtual bool Greets => true;

    /// <summary>Whether a client can ask for what it missed.</summary>
    public virtual bool Resumes => false;

    /// <summary>Headers that say who calls.</summary>
    protected virtual string Identity => "";

    /// <summary>The name of a channel.</summary>
    public static string Address(int number) => $"load-{number}";

    /// <summary>The request that opens a stream.</summary>
    public ReadOnlyMemory<byte> Upgrade(StreamStart start) => Encoding.ASCII.GetBytes(
        $"GET {StreamPath(start)} HTTP/1.1\r\nHost: localhost\r\n{Identity}Connection: Upgrade\r\nUpgrade: websocket\r\n" +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

    /// <summary>Does what has to come before the first poll.</summary>
    public virtual ValueTask<PollLine> BeginPollsAsync(HttpLine line, string address, CancellationToken cancellationToken) =>
        new(new PollLine(line, Request("GET", PollPath(address))));

    /// <summary>A request that publishes, to be stamped for each message.</summary>
    public PublishRequest Publish(string address)
    {
        var (before, after) = Envelope;
        var length = before.Length + LoadMessage.Bytes + after.Length;
        var head = $"POST {PublishPath(address)} HTTP/1.1\r\nHost: localhost\r\n{Identity}" +
            $"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{before}";
        byte[] bytes = [.. Encoding.ASCII.GetBytes(head), .. LoadMessage.NewPayload(), .. Encoding.ASCII.GetBytes(after)];
        return new(bytes, head.Length);
    }

    /// <summary>A request with a body of text, or without any.</summary>
    protected ReadOnlyMemory<byte> Request(string method, string path, string body = "") => Encoding.ASCII.GetBytes(
        $"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{Identity}{(method == "POST" ? $"Content-Length: {body.Length}\r\n" : "")}\r\n{body}");

    /// <summary>What surrounds the payload in a publish.</summary>
    protected virtual (string Before, string After) Envelope => ("", "");

    protected abstract string StreamPath(StreamStart start);

    protected abstract string PollPath(string address);

    protected abstract string PublishPath(string address);
}
