using Channels.Clients.Tests.Processes;
using Channels.TestSupport;

namespace Channels.Clients.Tests.Durability;

/// <summary>Promises P3 (ids never go back) and P4 (acknowledged is stored) when the process dies at any moment.</summary>
public sealed class KillTests
{
    private const int Kills = 10;
    private const int Publishers = 4;

    [Fact]
    public async Task What_was_acknowledged_survives_kills_and_is_never_stored_twice()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(20_400);
        var publishers = Enumerable.Range(1, Publishers).Select(number => new Publisher($"publisher-{number}")).ToList();
        var highest = 0L;
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var host = await StartAsync(folder);
            await RepeatAsync(host);
            await PublishUntilKilledAsync(host, random.Next(1, 200));
        }

        await using var last = await StartAsync(folder);
        await RepeatAsync(last);
        var final = await last.Http.PublishedIdAsync("playground", "final");
        Assert.True(final > highest, $"{final} after {highest}");
        var stored = (await last.Http.ReadHistoryAsync("playground")).Select(message => (Text: message.Text("payload"), Id: message.At("id").GetInt64())).ToList();
        Assert.Equal(stored.Select(message => message.Id).Distinct().Order(), stored.Select(message => message.Id));
        Assert.Equal(stored.Count, stored.Select(message => message.Text).Distinct().Count());
        var expected = publishers.SelectMany(publisher => publisher.Acknowledged).ToDictionary().Append(new("final", final));
        Assert.Equal(expected.OrderBy(message => message.Value), stored.Select(message => KeyValuePair.Create(message.Text, message.Id)));
        TestContext.Current.SendDiagnosticMessage($"{stored.Count} messages over {Kills} kills, {publishers.Sum(publisher => publisher.Duplicates)} found stored when repeated.");

        Task RepeatAsync(Playground to) => Task.WhenAll(publishers.Select(publisher => publisher.RepeatAsync(to))).Within();

        async Task PublishUntilKilledAsync(Playground host, int answers)
        {
            var before = highest;
            var count = 0;
            var isEnough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var publishing = Task.WhenAll(publishers.Select(publisher => publisher.RunAsync(host, id =>
            {
                Assert.True(id > before, $"{id} after {before}");
                InterlockedMax(ref highest, id);
                if (Interlocked.Increment(ref count) == answers)
                {
                    isEnough.SetResult();
                }
            })));
            await Task.WhenAny(isEnough.Task, publishing).Within();
            await host.KillAsync();
            await publishing.Within();
            Assert.True(count >= answers);
        }
    }

    private static Task<Playground> StartAsync(TemporaryFolder folder) =>
        Playground.StartOnAsync(folder["messages.db"], settings: ["--Channels:RetainCount=1000000"]);

    private static void InterlockedMax(ref long target, long value)
    {
        for (var current = Volatile.Read(ref target); current < value;)
        {
            current = Interlocked.CompareExchange(ref target, value, current);
        }
    }
}
