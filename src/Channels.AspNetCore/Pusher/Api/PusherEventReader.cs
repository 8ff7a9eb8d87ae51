using System.Text.Json;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Pusher.Api;

/// <summary>Reads events from the bodies of API requests. Source: docs/protocols/pusher.md#events</summary>
/// <param name="app">The app, for its limits.</param>
internal readonly struct PusherEventReader(PusherApp app)
{
    private static readonly byte[][] EventFields = ["name"u8.ToArray(), "channels"u8.ToArray(), "channel"u8.ToArray(), "data"u8.ToArray(), "socket_id"u8.ToArray(), "info"u8.ToArray()];
    private static readonly byte[][] BatchFields = ["batch"u8.ToArray()];

    /// <summary>Reads one event for one or several channels.</summary>
    /// <returns>The event, or why there is none.</returns>
    public (PusherEvent? Event, JsonAnswer? Refusal) Read(ReadOnlyMemory<byte> json, bool oneChannel = false)
    {
        var fields = BodyFields.FromJson(json, EventFields);
        if (fields.Problem != BodyProblem.None)
        {
            return (null, PusherErrors.Invalid($"The body must be a JSON object. {fields.Detail}"));
        }

        if (ReadChannels(fields, oneChannel, out var channels) is { } noChannels)
        {
            return (null, noChannels);
        }

        if (ReadName(fields, out var name) is { } noName)
        {
            return (null, noName);
        }

        if (ReadData(fields, out var data) is { } noData)
        {
            return (null, noData);
        }

        if (ReadSocketId(fields, out var socketId) is { } noSocket)
        {
            return (null, noSocket);
        }

        _ = fields.Find("info"u8).TryGetText(out var info);
        return (Make(channels, name, data, socketId, PusherInfoReader.Read(info)), null);
    }

    /// <summary>Reads a batch. One invalid event makes the whole batch invalid.</summary>
    public (IReadOnlyList<PusherEvent>? Events, JsonAnswer? Refusal) ReadBatch(ReadOnlyMemory<byte> json)
    {
        var batch = BodyFields.FromJson(json, BatchFields);
        if (batch.Problem != BodyProblem.None || batch.Find("batch"u8) is not { Kind: JsonTokenType.StartArray } items)
        {
            return (null, PusherErrors.Invalid("The body must be a JSON object with an array 'batch'"));
        }

        var events = new List<PusherEvent>();
        foreach (var item in SplitArray(items.Json))
        {
            if (events.Count == app.Limits.MaxEventsPerBatch)
            {
                return (null, PusherErrors.Invalid($"The batch exceeds the allowed maximum ({app.Limits.MaxEventsPerBatch} events)"));
            }

            var (read, refusal) = Read(item, oneChannel: true);
            if (read is null)
            {
                return (null, refusal);
            }

            events.Add(read);
        }

        return events.Count > 0 ? (events, null) : (null, PusherErrors.Invalid("The batch is empty"));
    }

    /// <summary>Makes an event whose parts come from elsewhere.</summary>
    /// <returns>The event, or why there is none.</returns>
    public (PusherEvent? Event, JsonAnswer? Refusal) Read(string channel, string? name, string? socketId, ReadOnlyMemory<byte> data)
    {
        if (!app.TryParse(channel, out var parsed))
        {
            return (null, InvalidName());
        }

        var refusal = CheckName(name ?? "") ?? CheckData(data);
        if (refusal is null && socketId is not null && !PusherSocketId.IsValid(socketId))
        {
            refusal = InvalidSocketId;
        }

        return refusal is null ? (Make([parsed], name!, data, socketId, PusherInfo.None), null) : (null, refusal);
    }

    private static JsonAnswer InvalidSocketId { get; } = PusherErrors.Invalid("Invalid socket id");

    private static PusherEvent Make(
        IReadOnlyList<PusherChannel> channels, string name, ReadOnlyMemory<byte> data, string? socketId, PusherInfo info) =>
        new(channels, MessageDraft.FromText(data) with { Event = name, ExcludedConnection = socketId }, info);

    private static JsonAnswer? CheckEncrypted(List<PusherChannel> channels) =>
        channels.Count > 1 && channels.Exists(channel => channel.Kind == PusherChannelKind.Encrypted)
            ? PusherErrors.Invalid("An event for an encrypted channel must name no other channel")
            : null;

    private static List<ReadOnlyMemory<byte>> SplitArray(ReadOnlyMemory<byte> array)
    {
        var items = new List<ReadOnlyMemory<byte>>();
        var reader = new Utf8JsonReader(array.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            items.Add(array[start..(int)reader.BytesConsumed]);
        }

        return items;
    }

    private JsonAnswer? ReadChannels(BodyFields fields, bool oneChannel, out IReadOnlyList<PusherChannel> channels)
    {
        var list = oneChannel ? default : fields.Find("channels"u8);
        channels = [];
        if (list.Kind == JsonTokenType.StartArray)
        {
            return ReadList(list, out channels);
        }

        var single = list.Exists && !list.IsNull ? list : fields.Find("channel"u8);
        if (!single.TryGetText(out var name) || single.Kind != JsonTokenType.String || !app.TryParse(name, out var channel))
        {
            return single.Exists ? InvalidName() : PusherErrors.Invalid("Missing required parameter: channels");
        }

        channels = [channel];
        return null;
    }

    private JsonAnswer? ReadList(BodyField list, out IReadOnlyList<PusherChannel> channels)
    {
        var read = new List<PusherChannel>();
        HashSet<string>? seen = null;
        var count = 0;
        channels = read;
        foreach (var item in SplitArray(list.Json))
        {
            var field = new BodyField(item.Span[0] == '"' ? JsonTokenType.String : JsonTokenType.Null, item);
            if (++count > app.Limits.MaxChannelsPerEvent)
            {
                return PusherErrors.Invalid($"The event exceeds the allowed maximum ({app.Limits.MaxChannelsPerEvent} channels)");
            }

            if (!field.TryGetText(out var name) || !app.TryParse(name, out var channel))
            {
                return InvalidName();
            }

            // Most events have one channel, which needs no list of those seen.
            if (read.Count == 0 || (seen ??= [read[0].Name]).Add(name))
            {
                read.Add(channel);
            }
        }

        return read.Count > 0 ? CheckEncrypted(read) : PusherErrors.Invalid("Missing required parameter: channels");
    }

    private JsonAnswer? ReadName(BodyFields fields, out string name)
    {
        var field = fields.Find("name"u8);
        return field.TryGetText(out name) && field.Kind == JsonTokenType.String
            ? CheckName(name)
            : PusherErrors.Invalid("Missing required parameter: name");
    }

    private JsonAnswer? CheckName(string name) => name switch
    {
        "" => PusherErrors.Invalid("Missing required parameter: name"),
        _ when name.Length > app.Limits.MaxEventNameLength =>
            PusherErrors.Invalid($"The event name exceeds the allowed maximum ({app.Limits.MaxEventNameLength} characters)"),
        _ when PusherEventNames.IsReserved(name) => PusherErrors.Invalid("Event names that start with 'pusher:' or 'pusher_internal:' are reserved"),
        _ when !new ChannelAddress(name).IsValid => PusherErrors.Invalid("The event name has characters that are not permitted"),
        _ => null,
    };

    private JsonAnswer? ReadData(BodyFields fields, out ReadOnlyMemory<byte> data)
    {
        var field = fields.Find("data"u8);
        data = default;
        if (field.Kind is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            return TryCompact(field.Json, out data) ? CheckData(data) : PusherErrors.Invalid("The data has an escaped lone surrogate");
        }

        return field.TryGetUtf8Text(out data) ? CheckData(data) : PusherErrors.Invalid("Missing required parameter: data must be a string");
    }

    private JsonAnswer? CheckData(ReadOnlyMemory<byte> data) =>
        data.Length > app.Limits.MaxEventBytes ? PusherErrors.DataTooLarge(app.Limits.MaxEventBytes) : null;

    private static bool TryCompact(ReadOnlyMemory<byte> json, out ReadOnlyMemory<byte> compact)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            compact = JsonBytes.Encode(document.RootElement, static (writer, root) => root.WriteTo(writer));
            return true;
        }
        catch (InvalidOperationException)
        {
            compact = default;
            return false;
        }
    }

    private static JsonAnswer? ReadSocketId(BodyFields fields, out string? socketId)
    {
        var field = fields.Find("socket_id"u8);
        socketId = null;
        if (!field.Exists || field.IsNull)
        {
            return null;
        }

        if (field.Kind != JsonTokenType.String || !field.TryGetText(out var text) || !PusherSocketId.IsValid(text))
        {
            return InvalidSocketId;
        }

        socketId = text;
        return null;
    }

    private JsonAnswer InvalidName() => PusherErrors.Invalid($"Invalid channel name: at most {app.Limits.MaxChannelNameLength} of the characters A-Z a-z 0-9 _ - = @ , . ;");
}
