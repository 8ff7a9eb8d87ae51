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

    public override async Task<IReadOnlyList<double>> MeasureAsync(Run run) => await MeasureAsync(run, run.Wire);

    /// <returns>Managed and resident kilobytes for each poll.</returns>
    internal static async Task<IReadOnlyList<double>> MeasureAsync(Run run, Wire wire)
    {
        await using (var early = await PollSet.OpenAsync(run, wire, MemoryUse.Early))
        {
            await early.ParkAsync();
        }

        await run.SettleAsync();
        var before = await run.Control.CollectAsync(run.Cancelled);
        await using var polls = await PollSet.OpenAsync(run, wire, run.Settings.IdleClients);
        await polls.ParkAsync();
        return await MemoryUse.PerClientAsync(run, before, run.Settings.IdleClients);
    }
}
