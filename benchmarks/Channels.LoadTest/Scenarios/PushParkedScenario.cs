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
        var native = (await ParkedScenario.MeasureAsync(run, run.Wire))[0];
        await run.SettleAsync();
        var push = (await ParkedScenario.MeasureAsync(run, new PushStreamWire()))[0];
        return [native, push, push - native];
    }
}
