using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Benchmarks.Figures;

/// <summary>Creating data objects, each with its notification, beside plain publishes of as much content to the same channel of the same engine, with <c>synchronous=FULL</c>.</summary>
internal sealed class SqliteObjectFigure : Figure
{
    private const int Callers = 64;
    private const int Operations = 6_400;
    private const int SlicesPerRound = 8;
    private const string Channel = "log";

    public override string Name => $"create of an object with its notification on SQLite FULL, {Callers} callers (peer: plain publish)";

    public override async Task<string> MeasureAsync(int rounds)
    {
        using var folder = new TemporaryFolder();
        await using var services = Engines.Sqlite(folder.File("channels.db"));
        var channels = services.GetRequiredService<IChannels>();
        await channels.Objects.Classes.CreateAsync(new()
        {
            Name = "notes",
            Fields =
            [
                new("text", ObjectFieldType.String),
                new("number", ObjectFieldType.Integer),
                new("flag", ObjectFieldType.Boolean),
                new("x", ObjectFieldType.String),
            ],
        });
        var content = Encoding.UTF8.GetBytes(Engines.Payload128);
        var objects = new List<double>();
        var messages = new List<double>();
        for (var round = 0; round <= rounds * SlicesPerRound; round++)
        {
            objects.Add(await RateAsync(Operations, () => RunAsync(() => CreateAsync(channels, new() { Channel = Channel, Fields = content }))));
            messages.Add(await RateAsync(Operations, () => RunAsync(async () => await channels.PublishAsync(Channel, new(content.AsMemory())))));
        }

        // The first slice warms up.
        var (own, peer) = (objects.Skip(1).ToArray(), messages.Skip(1).ToArray());
        return Row($"{Number(Median(own))} objects/s", $"{Number(Median(peer))} messages/s", Ratio(MedianRatio(own, peer)), "0.50");
    }

    private static Task RunAsync(Func<Task> operation) => Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
    {
        for (var i = 0; i < Operations / Callers; i++)
        {
            await operation();
        }
    })));

    private static async Task CreateAsync(IChannels channels, ObjectDraft draft)
    {
        var result = await channels.Objects.CreateAsync("notes", draft);
        if (!result.Succeeded)
        {
            throw new InvalidOperationException($"A creation ended with {result.Status}.");
        }
    }
}
