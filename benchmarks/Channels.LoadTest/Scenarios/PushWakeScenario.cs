using Channels.LoadTest.Client;
using Channels.LoadTest.Report;
using Channels.LoadTest.Wires;

namespace Channels.LoadTest.Scenarios;

/// <summary>One message that ends all polls over many channels.</summary>
internal sealed class PushWakeScenario : PushStreamScenario
{
    /// <summary>How often in one measurement, alternately; the medians count.</summary>
    private const int Wakes = 7;

    public override string Name => "push-wake";

    public override string Description =>
        $"one message wakes all push stream long polls over {PushStreamWire.Channels} channels, beside native polls, {Wakes} times each; the time from the order to publish to the last whole answer";

    public override IReadOnlyList<Figure> Figures { get; } =
    [
        new("ms to the last native poll") { Compares = false },
        new("ms to the last push stream poll") { Compares = false },
        new("push stream / native") { Compares = false, Absolute = Target.AtMost(1.25) },
    ];

    public override async Task<IReadOnlyList<double>> MeasureAsync(Run run)
    {
        await using var native = await PollSet.OpenAsync(run, run.Wire, run.Settings.IdleClients);
        await using var push = await PollSet.OpenAsync(run, new PushStreamWire(), run.Settings.IdleClients);
        var nativeTimes = new List<double>();
        var pushTimes = new List<double>();
        for (var wake = 0; wake < Wakes; wake++)
        {
            nativeTimes.Add(await native.WakeAsync(2 * wake));
            pushTimes.Add(await push.WakeAsync((2 * wake) + 1));
        }

        var (own, peer) = (Median(pushTimes), Median(nativeTimes));
        return [peer, own, own / peer];
    }

    private static double Median(List<double> times) => times.Order().ElementAt(Wakes / 2);
}
