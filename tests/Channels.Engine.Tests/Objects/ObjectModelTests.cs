using System.Text.Json;
using System.Text.Json.Nodes;
using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Objects;

/// <summary>Random operations on objects, compared with a model, and with what somebody knows who follows the notifications alone.</summary>
public sealed class ObjectModelTests
{
    private static readonly string?[] Channels = ["news", "chat", null];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Objects_model_and_notifications_agree(int seed)
    {
        var random = new Random(seed);
        await using var host = ChannelsTestHost.Create(c => c.AddChannel("news").AddChannel("chat"), o => o.RetainCount = 100_000).WithBooks();
        var objects = host.Channels.Objects;
        var model = new SortedDictionary<long, (JsonObject Fields, long Revision, string? Channel)>();
        var lastId = 0L;
        for (var step = 0; step < 300; step++)
        {
            host.Time.Advance(TimeSpan.FromMilliseconds(random.Next(3)));
            var id = model.Count > 0 && random.Next(10) > 0 ? model.Keys.ElementAt(random.Next(model.Count)) : random.Next(1, 60);
            switch (random.Next(4))
            {
                case 0:
                    var (fields, _) = Edit(random, [], increments: false);
                    var channel = Channels[random.Next(Channels.Length)];
                    var created = await objects.CreateAsync("books", new(fields.ToJsonString()) { Channel = channel }).Within();
                    Assert.Equal(++lastId, created.Value!.Id);
                    model.Add(lastId, (WithoutNulls(fields), 1, channel));
                    break;
                case 1 or 2:
                    await UpdateAsync(id);
                    break;
                default:
                    var deleted = await objects.DeleteAsync("books", id).Within();
                    Assert.Equal(model.Remove(id) ? ObjectStatus.Done : ObjectStatus.NotFound, deleted.Status);
                    break;
            }
        }

        var stored = (await objects.ListAsync("books", new() { Limit = 1000 }).Within()).Objects;
        Assert.Equal(model.Keys, stored.Select(found => found.Id));
        foreach (var found in stored)
        {
            var (fields, revision, channel) = model[found.Id];
            Assert.True(JsonNode.DeepEquals(fields, JsonNode.Parse(found.Fields.Span)), $"{fields} {JsonNode.Parse(found.Fields.Span)}");
            Assert.Equal((revision, channel), (found.Revision, found.Channel));
        }

        foreach (var channel in Channels.OfType<string>())
        {
            await CompareAsync(host, channel, stored.Where(found => found.Channel == channel));
        }

        async Task UpdateAsync(long id)
        {
            var known = model.TryGetValue(id, out var before);
            var (edit, after) = Edit(random, known ? before.Fields : [], increments: true);
            var expected = random.Next(3) == 0 ? before.Revision + random.Next(2) : (long?)null;
            var result = await objects.UpdateAsync("books", id, new(edit.ToJsonString()) { ExpectedRevision = expected }).Within();
            if (!known || (expected is { } revision && revision != before.Revision))
            {
                Assert.Equal(known ? ObjectStatus.RevisionMismatch : ObjectStatus.NotFound, result.Status);
                return;
            }

            Assert.Equal(ObjectStatus.Done, result.Status);
            var changed = !JsonNode.DeepEquals(before.Fields, after);
            model[id] = (after, before.Revision + (changed ? 1 : 0), before.Channel);
        }
    }

    /// <summary>Whoever applies the notifications in their order has the objects as they are.</summary>
    private static async Task CompareAsync(ChannelsTestHost host, string channel, IEnumerable<DataObject> stored)
    {
        var known = new SortedDictionary<long, JsonObject>();
        await using var reading = host.Channels.SubscribeAsync(channel, SubscribeFrom.Oldest).GetAsyncEnumerator();
        var count = (await host.Channels.PublishAsync(channel, new("0")).Within()).Id;
        while (await reading.MoveNextAsync().Within() && reading.Current.Id != count)
        {
            var payload = JsonNode.Parse(reading.Current.Payload.Span)!.AsObject();
            var id = payload["id"]!.GetValue<long>();
            switch (reading.Current.Action)
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
                    Assert.True(known.Remove(id));
                    break;
            }
        }

        var expected = stored.ToList();
        Assert.Equal(expected.Select(value => value.Id), known.Keys);
        var objectClass = (await host.Channels.Objects.Classes.GetAsync("books").Within()).Class!;
        foreach (var value in expected)
        {
            using var buffer = new MemoryStream();
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                DataObjectJson.WriteProperties(json, value, objectClass);
                json.WriteEndObject();
            }

            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(buffer.ToArray()), known[value.Id]), known[value.Id].ToJsonString());
        }
    }

    private static (JsonObject Edit, JsonObject After) Edit(Random random, JsonObject before, bool increments)
    {
        var edit = new JsonObject();
        var after = before.DeepClone().AsObject();
        if (random.Next(2) == 0)
        {
            Set("title", random.Next(4) == 0 ? null : JsonValue.Create($"tïtle-{random.Next(3)}😀"));
        }

        if (random.Next(2) == 0)
        {
            if (increments && random.Next(2) == 0)
            {
                var by = random.Next(-5, 5);
                edit["reads"] = new JsonObject { ["_increment"] = by };
                after["reads"] = (after["reads"]?.GetValue<int>() ?? 0) + by;
            }
            else
            {
                Set("reads", random.Next(4) == 0 ? null : JsonValue.Create(random.Next(5)));
            }
        }

        if (random.Next(3) == 0)
        {
            Set("tags", new JsonArray(random.Next(3), new JsonObject { ["deep"] = random.Next(2) }));
        }

        return (edit, WithoutNulls(after));

        void Set(string name, JsonNode? value)
        {
            edit[name] = value;
            after[name] = value?.DeepClone();
        }
    }

    private static JsonObject WithoutNulls(JsonObject fields) =>
        new(fields.Where(field => field.Value is not null).Select(field => KeyValuePair.Create(field.Key, (JsonNode?)field.Value!.DeepClone())));
}
