using Channels.LoadTest.Client;
using Channels.LoadTest.Report;
using Channels.LoadTest.Wires;

namespace Channels.LoadTest.Scenarios;

/// <summary>Polls over many channels that wait for messages that do not come.</summary>
internal sealed class PushParkedScenario : PushStreamScenario
{
    public override string Name => "push-parked";

    public override string Description =>
        $"memory for each push stream long poll over {PushStreamWire.Channels} channels that waits, after collections, beside a native poll that waits, in a fresh server";

    public override bool NeedsFreshServer => true;

    public override IReadOnlyList<Figure> Figures { get; } =
    [
        new("managed KB/native poll") { Compares = false },
        new("managed KB/push stream poll") { Compares = false },
        new("KB more than a native poll") { Compares = false, Absolute = Target.AtMost(4) },
    ];

    public override async Task<IReadOnlyList<double>> MeasureAsync(Run run)
    {
        var native = await MeasureAsync(run, run.Wire);
        var push = await MeasureAsync(run, new PushStreamWire());
        return [native, push, push - native];
    }

    private static async Task<double> MeasureAsync(Run run, Wire wire)
    {
        using (await ParkAsync(run, wire, MemoryUse.Early))
        {
        }

        await run.SettleAsync();
        var before = await run.Control.CollectAsync(run.Cancelled);
        using var polls = await ParkAsync(run, wire, run.Settings.IdleClients);
        var managed = (await MemoryUse.PerClientAsync(run, before, run.Settings.IdleClients))[0];
        polls.Dispose();
        await run.SettleAsync();
        return managed;
    }

    private static async Task<HttpLines> ParkAsync(Run run, Wire wire, int polls)
    {
        var lines = await run.OpenLinesAsync(polls);
        var request = wire.Poll(Wire.Address(0));
        foreach (var line in lines.All)
        {
            await line.SendAsync(request, run.Cancelled);
        }

        await run.ParkedAsync(polls);
        return lines;
    }
}
