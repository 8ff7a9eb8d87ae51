using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Benchmarks.Figures;

/// <summary>Push stream clients that come back with a time and an id after 100 messages that are in memory no more, beside the bare query.</summary>
internal sealed class SqliteResumeFigure : Figure
{
    private const int SlicesPerRound = 8;
    private const int Resumes = 300;
    private const int Stored = 1_000;
    private const int Missed = 100;

    public override string Name => "resume by time and id of 100 on SQLite (peer: bare query)";

    public override async Task<string> MeasureAsync(int rounds)
    {
        using var folder = new TemporaryFolder();
        var payload = Encoding.UTF8.GetBytes(Engines.Payload128);
        await using var services = Engines.Sqlite(folder.File("channels.db"), options => options.TailMessages = 1);
        using var bare = new BareSqlite(folder.File("bare.db"));
        var channels = services.GetRequiredService<IChannels>();
        bare.Insert(Stored, Stored, payload);
        var published = await channels.TryPublishManyAsync([.. Enumerable.Repeat(new AddressedDraft("news", new(payload.AsMemory())), Stored)]);
        var seen = published[Stored - Missed - 1].Message!;
        var second = new DateTimeOffset(seen.CreatedAt.Ticks - (seen.CreatedAt.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        var target = new PollTarget("news", SubscribeFrom.Within(second, TimeSpan.FromSeconds(1), seen.Cursor));
        var ours = new List<double>();
        var peers = new List<double>();
        for (var round = 0; round <= rounds * SlicesPerRound; round++)
        {
            ours.Add(await RateAsync(Resumes, async () =>
            {
                for (var i = 0; i < Resumes; i++)
                {
                    var batch = await channels.PollManyAsync([target]);
                    if (batch.Messages.Count != Missed)
                    {
                        throw new InvalidOperationException($"{batch.Messages.Count} messages came instead of {Missed}.");
                    }
                }
            }));
            peers.Add(await RateAsync(Resumes, () =>
            {
                for (var i = 0; i < Resumes; i++)
                {
                    bare.ReadAfter(Stored - Missed);
                }

                return Task.CompletedTask;
            }));
        }

        var (own, peer) = (ours.Skip(1).ToArray(), peers.Skip(1).ToArray());
        return Row($"{Number(Median(own))} resumes/s", $"{Number(Median(peer))} resumes/s", Ratio(MedianRatio(own, peer)), "0.60");
    }
}
