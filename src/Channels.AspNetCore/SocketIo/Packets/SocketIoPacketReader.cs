using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Channels.AspNetCore.SocketIo.EngineIo;

namespace Channels.AspNetCore.SocketIo.Packets;

/// <summary>Reads packets. Source: docs/protocols/socketio.md#socketio-packets</summary>
internal static class SocketIoPacketReader
{
    private const int MaxNamespaceBytes = 256;

    /// <summary>Beyond this a number is not exact in a client.</summary>
    private const int MaxIdDigits = 15;

    private const int MaxCountDigits = 9;

    private static readonly FrozenSet<string> ReservedEvents =
        FrozenSet.Create(StringComparer.Ordinal, "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener");

    /// <summary>Whether an event may not have a name, since clients use it themselves.</summary>
    public static bool IsReserved(string name) => ReservedEvents.Contains(name);

    /// <summary>Reads a packet.</summary>
    /// <param name="text">UTF-8, valid; kept by the packet.</param>
    /// <param name="revision">Revision of the session, which decides over the protocol's.</param>
    /// <param name="settings">Limits.</param>
    /// <param name="packet">The packet.</param>
    /// <returns>Whether it is one that a client may send.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> text, EngineIoRevision revision, SocketIoSettings settings, out SocketIoPacket packet)
    {
        packet = default;
        var rest = text;
        if (!TryReadType(ref rest, out var type)
            || !TryReadAttachments(ref rest, type, revision, settings, out var attachments)
            || !TryReadNamespace(ref rest, out var name)
            || !TryReadId(ref rest, out var id))
        {
            return false;
        }

        packet = new() { Type = type, Namespace = name, AckId = id, Attachments = attachments, Payload = rest };
        try
        {
            return TryReadPayload(ref packet, revision, settings.MaxDepth);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, nested too deep, or an event's name with an escaped lone surrogate.
            return false;
        }
    }

    private static bool TryReadType(ref ReadOnlyMemory<byte> rest, out SocketIoPacketType type)
    {
        type = default;
        if (rest.IsEmpty || rest.Span[0] is < (byte)'0' or > (byte)'6')
        {
            return false;
        }

        type = (SocketIoPacketType)(rest.Span[0] - '0');
        rest = rest[1..];
        return true;
    }

    private static bool TryReadAttachments(
        ref ReadOnlyMemory<byte> rest, SocketIoPacketType type, EngineIoRevision revision, SocketIoSettings settings, out int count)
    {
        count = 0;
        if (type is not (SocketIoPacketType.BinaryEvent or SocketIoPacketType.BinaryAck))
        {
            return true;
        }

        if (TakeDigits(ref rest, MaxCountDigits) is not { } number || rest.IsEmpty || rest.Span[0] != '-')
        {
            return false;
        }

        rest = rest[1..];
        count = (int)Math.Min(number, int.MaxValue);

        // Clients 1.x and 2.x call an event binary that has no binary value in the end.
        return number <= settings.MaxAttachments && (number > 0 || revision == EngineIoRevision.V3);
    }

    private static bool TryReadNamespace(ref ReadOnlyMemory<byte> rest, out string name)
    {
        name = SocketIoConnection.MainNamespace;
        if (rest.IsEmpty || rest.Span[0] != '/')
        {
            return true;
        }

        var comma = rest.Span.IndexOf((byte)',');
        var text = comma < 0 ? rest : rest[..comma];
        rest = comma < 0 ? default : rest[(comma + 1)..];

        // Clients 1.x and 2.x may put a query behind it.
        var query = text.Span.IndexOf((byte)'?');
        var known = query < 0 ? text : text[..query];
        name = known.Length <= MaxNamespaceBytes ? Encoding.UTF8.GetString(known.Span) : "";
        return name.Length > 0;
    }

    private static bool TryReadId(ref ReadOnlyMemory<byte> rest, out long? id)
    {
        id = null;
        if (rest.IsEmpty || !char.IsAsciiDigit((char)rest.Span[0]))
        {
            return true;
        }

        id = TakeDigits(ref rest, MaxIdDigits);
        return id is not null;
    }

    private static long? TakeDigits(ref ReadOnlyMemory<byte> rest, int most)
    {
        var end = rest.Span.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var digits = end < 0 ? rest : rest[..end];
        if (digits.IsEmpty || digits.Length > most)
        {
            return null;
        }

        rest = rest[digits.Length..];
        var number = 0L;
        foreach (var digit in digits.Span)
        {
            number = (number * 10) + (digit - '0');
        }

        return number;
    }

    private static bool TryReadPayload(ref SocketIoPacket packet, EngineIoRevision revision, int maxDepth)
    {
        if (packet.Payload.IsEmpty)
        {
            return packet.Type is SocketIoPacketType.Connect or SocketIoPacketType.Disconnect || IsOlder(packet.Type, revision);
        }

        var reader = new Utf8JsonReader(packet.Payload.Span, new JsonReaderOptions { MaxDepth = maxDepth });
        reader.Read();
        switch (packet.Type)
        {
            case SocketIoPacketType.Event or SocketIoPacketType.BinaryEvent:
                return TryReadEvent(ref reader, ref packet, revision);
            case SocketIoPacketType.Ack or SocketIoPacketType.BinaryAck:
                return reader.TokenType == JsonTokenType.StartArray && packet.AckId is not null && TryReadRest(ref reader, packet.Attachments);
            default:
                return IsShape(packet.Type, reader.TokenType, revision) && TryReadRest(ref reader, attachments: 0);
        }
    }

    private static bool IsShape(SocketIoPacketType type, JsonTokenType token, EngineIoRevision revision) => type switch
    {
        SocketIoPacketType.Connect => token == JsonTokenType.StartObject || revision == EngineIoRevision.V3,
        SocketIoPacketType.Disconnect => revision == EngineIoRevision.V3,
        _ => token is JsonTokenType.StartObject or JsonTokenType.String || revision == EngineIoRevision.V3,
    };

    /// <summary>Clients 1.x and 2.x may send an error with nothing in it.</summary>
    private static bool IsOlder(SocketIoPacketType type, EngineIoRevision revision) =>
        type == SocketIoPacketType.Error && revision == EngineIoRevision.V3;

    private static bool TryReadEvent(ref Utf8JsonReader reader, ref SocketIoPacket packet, EngineIoRevision revision)
    {
        if (reader.TokenType != JsonTokenType.StartArray || !reader.Read())
        {
            return false;
        }

        var name = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            _ => null,
        };
        if (name is null || (revision == EngineIoRevision.V4 && IsReserved(name)))
        {
            return false;
        }

        reader.Read();
        var start = (int)reader.TokenStartIndex;
        var placeholders = new PlaceholderCheck(packet.Attachments);
        while (reader.CurrentDepth > 0)
        {
            if (!placeholders.Accepts(ref reader))
            {
                return false;
            }

            reader.Read();
        }

        var end = (int)reader.TokenStartIndex;
        packet = packet with { Event = name, Arguments = end > start ? packet.Payload[start..end] : default };

        // Anything behind the array is an error.
        return !reader.Read();
    }

    private static bool TryReadRest(ref Utf8JsonReader reader, int attachments)
    {
        var placeholders = new PlaceholderCheck(attachments);
        do
        {
            if (!placeholders.Accepts(ref reader))
            {
                return false;
            }
        }
        while (reader.Read());
        return true;
    }
}
