using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Channels.KillTarget;

/// <summary>The objects as somebody has them who follows the notifications alone.</summary>
internal static class Replica
{
    private const int PageSize = 1000;

    /// <returns><c>same</c> with the last message's id and the number of objects, or what is not the same.</returns>
    public static async Task<string> CompareAsync(IChannels channels, ObjectClass objectClass)
    {
        var (known, last) = await FollowAsync(channels);
        var stored = await ReadAsync(channels, objectClass);
        var differing = known.Keys.Union(stored.Keys).Where(id => !JsonNode.DeepEquals(known.GetValueOrDefault(id), stored.GetValueOrDefault(id))).ToList();
        return differing.Count == 0
            ? string.Create(CultureInfo.InvariantCulture, $"same {last} {stored.Count}")
            : $"different {string.Join(' ', differing)}";
    }

    private static async Task<(Dictionary<long, JsonObject> Objects, long Last)> FollowAsync(IChannels channels)
    {
        var known = new Dictionary<long, JsonObject>();
        var last = MessageCursor.Beginning;
        for (HistoryPage? page = null; page is null || page.HasMore;)
        {
            page = await channels.ReadHistoryAsync(ObjectWorker.Channel, new() { OldestFirst = true, After = last, Limit = PageSize });
            foreach (var message in page.Messages)
            {
                Apply(known, message);
                last = message.Cursor;
            }
        }

        return (known, last.Value);
    }

    private static void Apply(Dictionary<long, JsonObject> known, ChannelMessage message)
    {
        var payload = JsonNode.Parse(message.Payload.Span)!.AsObject();
        var id = payload["id"]!.GetValue<long>();
        switch (message.Action)
        {
            case MessageAction.Create:
                known.Add(id, payload);
                break;
            case MessageAction.Update:
                foreach (var (name, value) in payload)
                {
                    known[id][name] = value?.DeepClone();
                }

                break;
            default:
                known.Remove(id);
                break;
        }
    }

    private static async Task<Dictionary<long, JsonObject>> ReadAsync(IChannels channels, ObjectClass objectClass)
    {
        var stored = new Dictionary<long, JsonObject>();
        IReadOnlyList<DataObject> page;
        long after = 0;
        do
        {
            page = (await channels.Objects.ListAsync(objectClass.Name, new() { After = after, Limit = PageSize })).Objects;
            foreach (var value in page)
            {
                stored.Add(value.Id, Whole(value, objectClass));
                after = value.Id;
            }
        }
        while (page.Count == PageSize);
        return stored;
    }

    private static JsonObject Whole(DataObject value, ObjectClass objectClass)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            DataObjectJson.WriteProperties(json, value, objectClass);
            json.WriteEndObject();
        }

        return JsonNode.Parse(buffer.ToArray())!.AsObject();
    }
}
