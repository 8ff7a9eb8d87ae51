using Channels.LoadTest.Client;
using Channels.LoadTest.Report;
using Channels.LoadTest.Wires;

namespace Channels.LoadTest.Scenarios;

/// <summary>Polls that wait for messages that do not come.</summary>
internal sealed class ParkedScenario : Scenario
{
    public override string Name => "parked";

    public override string Description => "memory for each HTTP poll that waits, after collections, in a fresh server";

    public override bool NeedsFreshServer => true;

    public override IReadOnlyList<Figure> Figures { get; } =
    [
        new("managed KB/poll") { OverSignalR = Target.AtMost(0.55), MostAboveBare = 0.8 },
        new("resident KB/poll") { OverSignalR = Target.AtMost(0.55), MostAboveBare = 0.8 },
    ];

    public override string? WhyNot(Wire wire) => wire.WhyNoPolls;

    public override async Task<IReadOnlyList<double>> MeasureAsync(Run run)
    {
        using (await ParkAsync(run, MemoryUse.Early))
        {
        }

        await run.SettleAsync();
        var before = await run.Control.CollectAsync(run.Cancelled);
        using var polls = await ParkAsync(run, run.Settings.IdleClients);
        return await MemoryUse.PerClientAsync(run, before, run.Settings.IdleClients);
    }

    private static async Task<HttpLines> ParkAsync(Run run, int polls)
    {
        var lines = await run.OpenLinesAsync(polls);
        var request = run.Wire.Poll(Wire.Address(0));
        foreach (var line in lines.All)
        {
            await line.SendAsync(request, run.Cancelled);
        }

        await run.ParkedAsync(polls);
        return lines;
    }
}
