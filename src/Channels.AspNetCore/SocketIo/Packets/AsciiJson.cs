using System.Buffers;
using System.Globalization;
using System.Text;

namespace Channels.AspNetCore.SocketIo.Packets;

/// <summary>Spells JSON with ASCII alone, without reading it: outside of strings JSON has nothing else.</summary>
internal static class AsciiJson
{
    /// <summary>Writes JSON with every other character as an escape.</summary>
    /// <param name="json">JSON in valid UTF-8.</param>
    /// <param name="target">Where to.</param>
    public static void Write(ReadOnlySpan<byte> json, IBufferWriter<byte> target)
    {
        Span<char> units = stackalloc char[2];
        Span<byte> escape = stackalloc byte[6];
        "\\u"u8.CopyTo(escape);
        while (json.IndexOfAnyExceptInRange((byte)0, (byte)0x7F) is >= 0 and var at)
        {
            target.Write(json[..at]);
            Rune.DecodeFromUtf8(json[at..], out var rune, out var length);
            foreach (var unit in units[..rune.EncodeToUtf16(units)])
            {
                ((int)unit).TryFormat(escape[2..], out _, "x4", CultureInfo.InvariantCulture);
                target.Write(escape);
            }

            json = json[(at + length)..];
        }

        target.Write(json);
    }
}
