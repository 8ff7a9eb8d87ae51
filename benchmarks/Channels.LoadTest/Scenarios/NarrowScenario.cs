using Channels.LoadTest.Client;
using Channels.LoadTest.Report;
using Channels.LoadTest.Wires;

namespace Channels.LoadTest.Scenarios;

/// <summary>Many channels with one subscriber each.</summary>
internal sealed class NarrowScenario : Scenario
{
    private const int Burst = 20;

    public override string Name => "narrow";

    public override string Description =>
        $"as many channels as WebSocket clients, one subscriber each; a publisher in the server's process sends {Burst} messages to every channel in turn and then waits until all clients have them";

    public override IReadOnlyList<Figure> Figures { get; } = DeliveryFigures.For(overSignalR: 3.3, overBare: 2.5);

    public override async Task<IReadOnlyList<double>> MeasureAsync(Run run)
    {
        using var clients = await run.ConnectAsync(run.Settings.Clients, i => new(Wire.Address(i)));
        var usage = await run.StartUsageAsync();
        var published = 0L;
        while (usage.Elapsed < run.Settings.Duration)
        {
            var reached = clients.Audience.Expect(published + Burst);
            await run.Control.BurstAsync(clients.Count, published, Burst, run.Cancelled);
            await reached.WithinAsync(run.Cancelled);
            published += Burst;
        }

        var delivery = await usage.StopAsync(published * clients.Count, run.Cancelled);
        run.Check(clients, published);
        return DeliveryFigures.Of(delivery, clients);
    }
}
