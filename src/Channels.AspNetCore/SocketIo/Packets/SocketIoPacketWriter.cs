using System.Buffers;
using System.Globalization;
using System.Text;
using Channels.AspNetCore.Http;
using Channels.AspNetCore.SocketIo.EngineIo;

namespace Channels.AspNetCore.SocketIo.Packets;

/// <summary>Spells packets for one revision: clients 1.x and 2.x get JSON that is ASCII alone. Source: docs/protocols/socketio.md#socketio-packets</summary>
internal static class SocketIoPacketWriter
{
    /// <summary>A namespace was joined. Only protocol 5 names the socket.</summary>
    public static ReadOnlyMemory<byte> Connected(EngineIoRevision revision, string name, string id) => revision == EngineIoRevision.V3
        ? Write(revision, SocketIoPacketType.Connect, name, null, default)
        : Write(revision, SocketIoPacketType.Connect, name, null, JsonBytes.Encode(id, static (json, id) =>
        {
            json.WriteStartObject();
            json.WriteString("sid"u8, id);
            json.WriteEndObject();
        }));

    /// <summary>A namespace does not exist. Protocol 5 has an object where the older ones have a text.</summary>
    public static ReadOnlyMemory<byte> InvalidNamespace(EngineIoRevision revision, string name) =>
        Write(revision, SocketIoPacketType.Error, name, null, revision == EngineIoRevision.V3
            ? "\"Invalid namespace\""u8
            : """{"message":"Invalid namespace"}"""u8);

    /// <summary>An event.</summary>
    /// <param name="revision">Revision of the session.</param>
    /// <param name="name">Namespace.</param>
    /// <param name="eventName">Name of the event.</param>
    /// <param name="arguments">Its arguments as JSON, commas between them; empty for none.</param>
    /// <param name="attachments">How many binary values follow.</param>
    public static ReadOnlyMemory<byte> Event(
        EngineIoRevision revision, string name, string eventName, ReadOnlySpan<byte> arguments, int attachments = 0)
    {
        var payload = new ArrayBufferWriter<byte>();
        payload.Write("["u8);
        payload.Write(JsonBytes.Encode(eventName, static (json, text) => json.WriteStringValue(text)));
        if (!arguments.IsEmpty)
        {
            payload.Write(","u8);
            payload.Write(arguments);
        }

        payload.Write("]"u8);
        var type = attachments == 0 ? SocketIoPacketType.Event : SocketIoPacketType.BinaryEvent;
        return Write(revision, type, name, null, payload.WrittenSpan, attachments);
    }

    /// <summary>The answer to an event.</summary>
    public static ReadOnlyMemory<byte> Ack(
        EngineIoRevision revision, string name, long id, ReadOnlySpan<byte> arguments, int attachments = 0)
    {
        var type = attachments == 0 ? SocketIoPacketType.Ack : SocketIoPacketType.BinaryAck;
        return Write(revision, type, name, id, [.. "["u8, .. arguments, .. "]"u8], attachments);
    }

    private static ReadOnlyMemory<byte> Write(
        EngineIoRevision revision, SocketIoPacketType type, string name, long? id, ReadOnlySpan<byte> payload, int attachments = 0)
    {
        var packet = new ArrayBufferWriter<byte>(payload.Length + 64);
        packet.Write([(byte)('0' + (int)type)]);
        if (type is SocketIoPacketType.BinaryEvent or SocketIoPacketType.BinaryAck)
        {
            WriteNumber(packet, attachments);
            packet.Write("-"u8);
        }

        if (name != SocketIoConnection.MainNamespace)
        {
            Encoding.UTF8.GetBytes(name, packet);
            packet.Write(","u8);
        }

        if (id is { } number)
        {
            WriteNumber(packet, number);
        }

        if (revision == EngineIoRevision.V3)
        {
            AsciiJson.Write(payload, packet);
        }
        else
        {
            packet.Write(payload);
        }

        return packet.WrittenMemory;
    }

    private static void WriteNumber(ArrayBufferWriter<byte> packet, long number)
    {
        var digits = packet.GetSpan(20);
        number.TryFormat(digits, out var count, provider: CultureInfo.InvariantCulture);
        packet.Advance(count);
    }
}
