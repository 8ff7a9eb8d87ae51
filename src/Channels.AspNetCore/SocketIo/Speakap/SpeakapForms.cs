using System.Buffers;
using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Http;
using Channels.AspNetCore.SocketIo.EngineIo;
using Channels.AspNetCore.SocketIo.Packets;

namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>The wire forms of deliveries, one for each revision. Source: docs/protocols/socketio.md#delivery</summary>
internal sealed class SpeakapForms
{
    private readonly string? _eventName;
    private readonly WireForm _v3;
    private readonly WireForm _v4;

    /// <param name="eventName">Name of the event of all notifications; <see langword="null"/> when each has its channel's.</param>
    public SpeakapForms(string? eventName)
    {
        _eventName = eventName;
        _v3 = new((in Delivery delivery) => Encode(delivery, EngineIoRevision.V3), Framing.WebSocketText);
        _v4 = new((in Delivery delivery) => Encode(delivery, EngineIoRevision.V4), Framing.WebSocketText);
    }

    public IDeliveryForm Of(EngineIoRevision revision) => revision == EngineIoRevision.V3 ? _v3 : _v4;

    /// <summary>How an address is spelled where one text names channel and room.</summary>
    public static string NameOf(in ChannelAddress address) => address.Room is null ? address.Channel : $"{address.Channel}.{address.Room}";

    private ReadOnlyMemory<byte> Encode(in Delivery delivery, EngineIoRevision revision)
    {
        if (delivery is not { Kind: DeliveryKind.Message, Message: { } message })
        {
            return default;
        }

        var name = NameOf(delivery.Address);
        var arguments = _eventName is null ? message.Payload.Span : WithChannel(name, message.Payload.Span);
        var text = SocketIoPacketWriter.Event(revision, SocketIoConnection.MainNamespace, _eventName ?? name, arguments);
        return EngineIoFrames.Packet(EngineIoPacketType.Message, text.Span).Content;
    }

    /// <summary>Adds the channel to an object; what is no object goes as it is.</summary>
    private static ReadOnlySpan<byte> WithChannel(string name, ReadOnlySpan<byte> payload)
    {
        var start = payload.IndexOfAnyExcept(" \t\r\n"u8);
        if (payload[start] != (byte)'{')
        {
            return payload;
        }

        var rest = payload[(start + 1)..];
        var arguments = new ArrayBufferWriter<byte>();
        arguments.Write("{\"channel\":"u8);
        arguments.Write(JsonBytes.Encode(name, static (json, text) => json.WriteStringValue(text)));
        arguments.Write(rest[rest.IndexOfAnyExcept(" \t\r\n"u8)] == (byte)'}' ? default : ","u8);
        arguments.Write(rest);
        return arguments.WrittenSpan;
    }
}
