using Channels.LoadTest.Client;
using Channels.LoadTest.Report;

namespace Channels.LoadTest.Scenarios;

/// <summary>One channel, many subscribers, as much as goes through.</summary>
internal sealed class BurstScenario : Scenario
{
    /// <summary>Few enough for every server's default limits.</summary>
    private const int Burst = 200;

    public override string Name => "burst";

    public override string Description =>
        $"WebSocket subscribers of one channel; a publisher in the server's process sends {Burst} messages as fast as they are accepted and then waits until all clients have them";

    public override bool ComparesDirect => true;

    public override IReadOnlyList<Figure> Figures { get; } = DeliveryFigures.For(overSignalR: 7, overBare: 5.5);

    public override async Task<IReadOnlyList<double>> MeasureAsync(Run run)
    {
        using var clients = await run.ConnectAsync(run.Settings.Clients);
        var usage = await run.StartUsageAsync();
        var published = 0L;
        while (usage.Elapsed < run.Settings.Duration)
        {
            var reached = clients.Audience.Expect(published + Burst);
            await run.Control.BurstAsync(channels: 1, published, Burst, run.Cancelled);
            await reached.WithinAsync(run.Cancelled);
            published += Burst;
        }

        var delivery = await usage.StopAsync(published * clients.Count, run.Cancelled);
        run.Check(clients, published);
        return DeliveryFigures.Of(delivery, clients);
    }
}
