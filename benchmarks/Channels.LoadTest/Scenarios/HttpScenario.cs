using Channels.LoadTest.Client;
using Channels.LoadTest.Report;
using Channels.LoadTest.Wires;

namespace Channels.LoadTest.Scenarios;

/// <summary>One channel, many subscribers, one publisher elsewhere.</summary>
internal sealed class HttpScenario : Scenario
{
    /// <summary>How far the publisher may be ahead of the slowest client.</summary>
    private const int Window = 50;

    public override string Name => "http";

    public override string Description =>
        $"WebSocket subscribers of one channel; one publisher posts message after message over one connection and waits for all clients after every {Window}";

    public override bool ComparesDirect => true;

    public override IReadOnlyList<Figure> Figures { get; } = DeliveryFigures.For(overSignalR: 1.7, overBare: 1.7, direct: Target.AtLeast(12));

    public override async Task<IReadOnlyList<double>> MeasureAsync(Run run)
    {
        using var clients = await run.ConnectAsync(run.Settings.Clients);
        using var lines = await run.OpenLinesAsync(1);
        var request = run.Wire.Publish(Wire.Address(0));
        var usage = await run.StartUsageAsync();
        var published = 0L;
        while (usage.Elapsed < run.Settings.Duration)
        {
            var reached = clients.Audience.Expect(published + Window);
            foreach (var sequence in Enumerable.Range(0, Window))
            {
                await lines.All.First().ExchangeAsync(request.Stamp(published + sequence), run.Cancelled);
            }

            await reached.WithinAsync(run.Cancelled);
            published += Window;
        }

        var delivery = await usage.StopAsync(published * clients.Count, run.Cancelled);
        run.Check(clients, published);
        return DeliveryFigures.Of(delivery, clients);
    }
}
