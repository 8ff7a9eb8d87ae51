using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Benchmarks.Figures;

/// <summary>A history page of 100 messages beside the bare query.</summary>
internal sealed class SqliteHistoryFigure : Figure
{
    private const int SlicesPerRound = 8;
    private const int Pages = 300;

    public override string Name => "history page of 100 on SQLite (peer: bare query)";

    public override async Task<string> MeasureAsync(int rounds)
    {
        using var folder = new TemporaryFolder();
        var payload = Encoding.UTF8.GetBytes(Engines.Payload128);
        await using var services = Engines.Sqlite(folder.File("channels.db"));
        using var bare = new BareSqlite(folder.File("bare.db"));
        var channels = services.GetRequiredService<IChannels>();
        bare.Insert(1_000, 1_000, payload);
        await channels.TryPublishManyAsync([.. Enumerable.Repeat(new AddressedDraft("news", new(payload.AsMemory())), 1_000)]);
        var ours = new List<double>();
        var peers = new List<double>();
        for (var round = 0; round <= rounds * SlicesPerRound; round++)
        {
            ours.Add(await RateAsync(Pages, async () =>
            {
                for (var i = 0; i < Pages; i++)
                {
                    await channels.ReadHistoryAsync("news");
                }
            }));
            peers.Add(await RateAsync(Pages, () =>
            {
                for (var i = 0; i < Pages; i++)
                {
                    bare.ReadPage();
                }

                return Task.CompletedTask;
            }));
        }

        var (own, peer) = (ours.Skip(1).ToArray(), peers.Skip(1).ToArray());
        return Row($"{Number(Median(own))} pages/s", $"{Number(Median(peer))} pages/s", Ratio(MedianRatio(own, peer)), "0.80");
    }
}
