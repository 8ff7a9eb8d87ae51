using System.Text.Json;
using Channels.Clients.Tests.Processes;
using Channels.TestSupport;

namespace Channels.Clients.Tests.Durability;

/// <summary>Promises P2 (a gap is told) and P3 (ids never go back) when the database is replaced behind the server's back.</summary>
public sealed class LostDatabaseTests
{
    private const string Channel = "playground";

    [Fact]
    public async Task Ids_go_on_and_clients_are_told_when_an_older_copy_is_restored()
    {
        using var folder = new TemporaryFolder();
        var kept = await PublishAsync(folder, 5, isKilled: false);
        CopyDatabase(folder, "messages.db", "copy.db");
        var lost = await PublishAsync(folder, 5, isKilled: true);
        DeleteDatabase(folder);
        CopyDatabase(folder, "copy.db", "messages.db");

        await using var host = await StartAsync(folder);
        var next = await host.Http.PublishedIdAsync(Channel, "next");

        Assert.True(next > lost[^1], $"{next} after {lost[^1]}");
        Assert.Equal([.. kept, next], (await host.Http.ReadHistoryAsync(Channel)).Select(message => message.At("id").GetInt64()));
        await AssertIsToldOfGapAsync(host, lost[2], next);
    }

    [Fact]
    public async Task Ids_go_on_and_clients_are_told_when_the_database_is_gone()
    {
        using var folder = new TemporaryFolder();
        var lost = await PublishAsync(folder, 5, isKilled: true);
        DeleteDatabase(folder);

        await using var host = await StartAsync(folder);
        var next = await host.Http.PublishedIdAsync(Channel, "next");

        Assert.True(next > lost[^1], $"{next} after {lost[^1]}");
        Assert.Equal([next], (await host.Http.ReadHistoryAsync(Channel)).Select(message => message.At("id").GetInt64()));
        await AssertIsToldOfGapAsync(host, lost[2], next);
        await AssertIsToldOfGapAsync(host, lost[^1], next);
    }

    private static Task<Playground> StartAsync(TemporaryFolder folder) => Playground.StartOnAsync(folder["messages.db"]);

    private static async Task<List<long>> PublishAsync(TemporaryFolder folder, int count, bool isKilled)
    {
        await using var host = await StartAsync(folder);
        var ids = new List<long>();
        for (var n = 0; n < count; n++)
        {
            ids.Add(await host.Http.PublishedIdAsync(Channel, n));
        }

        await (isKilled ? host.KillAsync() : host.StopAsync());
        return ids;
    }

    /// <summary>Both event streams name the gap before they go on with the next message.</summary>
    private static async Task AssertIsToldOfGapAsync(Playground host, long cursor, long next)
    {
        foreach (var path in new[] { $"channels/{Channel}/poll/?last_id={cursor}", $"stream/?channel={Channel}&last_id={cursor}" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("X-API-KEY", Keys.Account);
            request.Headers.Accept.ParseAdd("text/event-stream");
            using var response = await host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Within();
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            var events = await ReadEventsAsync(reader).Within();
            Assert.Equal(["gap", "message"], events.Select(e => e.Name));
            Assert.Equal(cursor, events[0].Data.At("requested").GetInt64());
            Assert.Equal(next, events[1].Data.At("id").GetInt64());
        }
    }

    /// <summary>Reads up to the first message, without what says that the stream is ready.</summary>
    private static async Task<List<(string Name, JsonElement Data)>> ReadEventsAsync(StreamReader reader)
    {
        var events = new List<(string Name, JsonElement Data)>();
        var name = "message";
        while (events.Count == 0 || events[^1].Name != "message")
        {
            var line = await reader.ReadLineAsync() ?? throw new EndOfStreamException();
            if (line.Length == 0)
            {
                name = "message";
            }
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line["event: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal) && name != "ready")
            {
                events.Add((name, JsonSerializer.Deserialize<JsonElement>(line["data: ".Length..])));
            }
        }

        return events;
    }

    private static void CopyDatabase(TemporaryFolder folder, string from, string to)
    {
        foreach (var part in new[] { "", "-wal", "-shm" }.Where(part => File.Exists(folder[from + part])))
        {
            File.Copy(folder[from + part], folder[to + part]);
        }
    }

    /// <summary>The side file with the marks of the ids stays.</summary>
    private static void DeleteDatabase(TemporaryFolder folder)
    {
        foreach (var part in new[] { "", "-wal", "-shm" })
        {
            File.Delete(folder["messages.db" + part]);
        }

        Assert.True(File.Exists(folder["messages.db.ids"]));
    }
}
