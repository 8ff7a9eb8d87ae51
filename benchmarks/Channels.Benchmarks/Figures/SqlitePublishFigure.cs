using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Benchmarks.Figures;

/// <summary>
/// Durable publishing with <c>synchronous=FULL</c> beside a bare loop of prepared inserts with as many rows per transaction. The channel <c>log</c> keeps
/// all of them, as the bare loop does; <c>news</c> has reached its count limit, so that each message also removes one.
/// </summary>
internal sealed class SqlitePublishFigure(int publishers, string channel, string target) : Figure
{
    private const int SlicesPerRound = 8;

    private readonly int _messages = publishers == 1 ? 250 : 6_400;

    public override string Name => $"publish on SQLite FULL to {channel}, {publishers} publisher(s) (peer: bare inserts, {publishers} rows per transaction)";

    public override async Task<string> MeasureAsync(int rounds)
    {
        using var folder = new TemporaryFolder();
        var payload = Encoding.UTF8.GetBytes(Engines.Payload128);
        await using var services = Engines.Sqlite(folder.File("channels.db"));
        using var bare = new BareSqlite(folder.File("bare.db"));
        var ours = new List<double>();
        var peers = new List<double>();
        for (var round = 0; round <= rounds * SlicesPerRound; round++)
        {
            ours.Add(await RateAsync(_messages, () => PublishAsync(services.GetRequiredService<IChannels>(), new(payload.AsMemory()))));
            peers.Add(await RateAsync(_messages, () =>
            {
                bare.Insert(_messages, publishers, payload);
                return Task.CompletedTask;
            }));
        }

        // The first slice warms up.
        var (own, peer) = (ours.Skip(1).ToArray(), peers.Skip(1).ToArray());
        return Row(
            $"{Number(Median(own))} messages/s", $"{Number(Median(peer))} rows/s", Ratio(MedianRatio(own, peer)), target);
    }

    private Task PublishAsync(IChannels channels, MessageDraft draft) =>
        Task.WhenAll(Enumerable.Range(0, publishers).Select(publisher => Task.Run(async () =>
        {
            for (var i = 0; i < _messages / publishers; i++)
            {
                await channels.PublishAsync(channel, draft);
            }
        })));
}
