using Microsoft.Extensions.DependencyInjection;

namespace Channels.Benchmarks.Figures;

/// <summary>10,000 members join one address while ten observers watch.</summary>
internal sealed class JoinStormFigure : Figure
{
    private const int Members = 10_000;
    private const int Observers = 10;

    public override string Name => "10,000 members joining one address";

    public override async Task<string> MeasureAsync(int rounds)
    {
        var rates = new List<double>();
        var deliveries = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            await using var services = Engines.Memory();
            var connections = services.GetRequiredService<IChannelConnections>();
            var observers = new List<Task<int>>();
            for (var i = 0; i < Observers; i++)
            {
                var observer = Open(connections);
                await observer.WatchMembersAsync("news");
                observers.Add(Task.Run(() => WatchAsync(observer)));
            }

            rates.Add(await RateAsync(Members, async () =>
            {
                for (var i = 0; i < Members; i++)
                {
                    await Open(connections).JoinAsync("news", new($"member-{i}"));
                }

                await Task.WhenAll(observers);
            }));
            deliveries.Add(observers.Average(observer => observer.Result));
        }

        return Row(
            $"{Number(Median(rates))} joins/s until all {Observers} observers know; {Number(Median(deliveries))} deliveries for each observer",
            "",
            "",
            "1,000 joins/s, at most 10,000 deliveries");
    }

    private static IChannelConnection Open(IChannelConnections connections) =>
        connections.TryOpen(new() { Protocol = "figure", Caller = ChannelCaller.Host })!;

    /// <summary>Reads until every member is known; a batch that fell behind comes as one delivery.</summary>
    private static async Task<int> WatchAsync(IChannelConnection observer)
    {
        var known = 0;
        var deliveries = 0;
        while (known < Members && await observer.WaitToReadAsync())
        {
            while (observer.TryRead(out var delivery))
            {
                deliveries++;
                known = (int)delivery.Presence!.Version;
            }
        }

        return deliveries;
    }
}
