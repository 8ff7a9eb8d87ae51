using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.PushStream;

/// <summary>The message object of this wire, always on one line. Source: docs/protocols/pushstream.md#message</summary>
internal static class PushStreamWriter
{
    private const long DeletedId = -2;

    private static readonly SearchValues<byte> LineBreaks = SearchValues.Create("\r\n"u8);

    /// <summary>A message under the name that this wire has for its address.</summary>
    public static byte[] Message(ChannelMessage message) => JsonBytes.Encode(message, static (json, message) =>
    {
        Begin(json, message.Id, message.Address);
        json.WritePropertyName("message"u8);
        json.WriteRawValue(OnOneLine(message.Payload.Span), skipInputValidation: true);
        End(json, PushStreamCursor.Of(new(message.Cursor, message.CreatedAt)));
    });

    /// <summary>Tells that a channel was deleted, with a position that a client may go on from.</summary>
    public static byte[] Deleted(in ChannelAddress address, in PushStreamCursor position) =>
        JsonBytes.Encode((address, position), static (json, state) =>
        {
            Begin(json, DeletedId, state.address);
            json.WriteString("message"u8, "Channel deleted"u8);
            End(json, state.position);
        });

    /// <summary>How this wire names an address: room and channel are joined by a dot.</summary>
    public static string NameOf(in ChannelAddress address) => address.Room is null ? address.Channel : $"{address.Channel}.{address.Room}";

    /// <summary>The bytes of a position in an event stream.</summary>
    public static byte[] EventId(in PushStreamCursor position) => Encoding.ASCII.GetBytes(position.EventId);

    private static void Begin(Utf8JsonWriter json, long id, in ChannelAddress address)
    {
        json.WriteStartObject();
        json.WriteNumber("id"u8, id);
        json.WriteString("channel"u8, NameOf(address));
    }

    private static void End(Utf8JsonWriter json, in PushStreamCursor position)
    {
        json.WriteString("tag"u8, (position.Tag ?? 0).ToString(CultureInfo.InvariantCulture));
        json.WriteString("time"u8, position.TimeText);
        json.WriteEndObject();
    }

    /// <summary>
    /// Line breaks between tokens become spaces, and <c>}{</c>, which can only stand in a string, is escaped: clients cut bodies at both.
    /// </summary>
    private static ReadOnlySpan<byte> OnOneLine(ReadOnlySpan<byte> payload)
    {
        if (!payload.ContainsAny(LineBreaks) && payload.IndexOf("}{"u8) < 0)
        {
            return payload;
        }

        var line = new ArrayBufferWriter<byte>(payload.Length + 16);
        for (var i = 0; i < payload.Length; i++)
        {
            if (payload[i] == (byte)'{' && i > 0 && payload[i - 1] == (byte)'}')
            {
                line.Write("\\u007b"u8);
            }
            else
            {
                line.Write([LineBreaks.Contains(payload[i]) ? (byte)' ' : payload[i]]);
            }
        }

        return line.WrittenSpan;
    }
}
