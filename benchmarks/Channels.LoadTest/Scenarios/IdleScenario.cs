using Channels.LoadTest.Report;

namespace Channels.LoadTest.Scenarios;

/// <summary>WebSockets that wait for messages that do not come.</summary>
internal sealed class IdleScenario : Scenario
{
    public override string Name => "idle";

    public override string Description => "memory for each idle WebSocket, after collections, in a fresh server";

    public override bool NeedsFreshServer => true;

    public override IReadOnlyList<Figure> Figures { get; } =
    [
        new("managed KB/WebSocket") { OverSignalR = Target.AtMost(0.65), MostAboveBare = 0.8 },
        new("resident KB/WebSocket") { OverSignalR = Target.AtMost(0.65), MostAboveBare = 0.8 },
    ];

    public override async Task<IReadOnlyList<double>> MeasureAsync(Run run)
    {
        using (await run.ConnectAsync(MemoryUse.Early))
        {
        }

        await run.SettleAsync();
        var before = await run.Control.CollectAsync(run.Cancelled);
        using var clients = await run.ConnectAsync(run.Settings.IdleClients);
        return await MemoryUse.PerClientAsync(run, before, clients.Count);
    }
}
