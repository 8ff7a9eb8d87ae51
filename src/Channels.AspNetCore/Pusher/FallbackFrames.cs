using System.Globalization;
using System.Text.Json;
using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.Pusher;

/// <summary>Lines of the HTTP fallbacks. Source: docs/protocols/pusher.md#http-fallbacks</summary>
internal static class FallbackFrames
{
    private const int PreludeLength = 2048;

    /// <summary>Opens a session.</summary>
    public static ReadOnlyMemory<byte> Open { get; } = "o\n"u8.ToArray();

    /// <summary>A sign of life.</summary>
    public static Frame Heartbeat { get; } = new("h\n"u8.ToArray(), 0);

    /// <summary>Fills what browsers gather before they tell a script anything.</summary>
    public static ReadOnlyMemory<byte> Prelude { get; } = MakePrelude();

    /// <summary>A message: the text of one event.</summary>
    public static byte[] Messages(ReadOnlySpan<byte> json)
    {
        var quoted = MessagePayload.FromText(json).Span;
        var line = new byte[quoted.Length + 4];
        "a["u8.CopyTo(line);
        quoted.CopyTo(line.AsSpan(2));
        "]\n"u8.CopyTo(line.AsSpan(quoted.Length + 2));
        return line;
    }

    public static Frame Close(WebSocketClosure closure)
    {
        var reason = JsonEncodedText.Encode(closure.Reason);
        return new(System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"c[{(int)closure.Code},\"{reason}\"]\n")), 0);
    }

    private static byte[] MakePrelude()
    {
        var prelude = new byte[PreludeLength + 1];
        prelude.AsSpan().Fill((byte)'h');
        prelude[^1] = (byte)'\n';
        return prelude;
    }
}
