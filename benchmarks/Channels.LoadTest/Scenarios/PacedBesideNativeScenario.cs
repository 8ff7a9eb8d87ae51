using Channels.LoadTest.Report;
using Channels.LoadTest.Wires;

namespace Channels.LoadTest.Scenarios;

/// <summary>The paced load for clients of a front end and for native clients of the same server, one after the other.</summary>
/// <param name="title">What people call the front end's clients.</param>
/// <param name="own">How they speak.</param>
/// <param name="native">How native clients of the same channels speak.</param>
/// <param name="channels">How many channels each client has; they get messages in turn.</param>
internal abstract class PacedBesideNativeScenario(string title, Wire own, ChannelsWire native, int channels) : Scenario
{
    public override string Description =>
        $"as paced, with {channels} {(channels == 1 ? "subscription" : "subscriptions")} of each client: {title} clients, and native clients of the same server; whoever is first changes from round to round";

    public override int WarmUps => 3;

    public override IReadOnlyList<Figure> Figures { get; } =
    [
        new($"{title}: server CPU µs/delivery") { Compares = false },
        new("native: server CPU µs/delivery") { Compares = false },
        new($"{title} / native") { Compares = false, Absolute = Target.AtMost(1.15) },
        new($"{title}: p99 publish to receipt, ms") { Compares = false },
        new($"{title}: bytes allocated/delivery") { Compares = false },
        new($"{title}: bytes of a frame") { Compares = false },
    ];

    public override string? WhyNot(Wire wire) => wire is ChannelsWire ? null : $"it serves no {title} clients";

    public override async Task<IReadOnlyList<double>> MeasureAsync(Run run)
    {
        var isOwnFirst = run.Number % 2 == 1;
        var first = await MeasureAsync(run, isOwnFirst ? own : native);
        await run.SettleAsync();
        var second = await MeasureAsync(run, isOwnFirst ? native : own);
        var (ofOwn, ofNative) = isOwnFirst ? (first, second) : (second, first);
        return [ofOwn[0], ofNative[0], ofOwn[0] / ofNative[0], ofOwn[1], ofOwn[3], ofOwn[4]];
    }

    private async Task<IReadOnlyList<double>> MeasureAsync(Run run, Wire wire)
    {
        using var clients = await run.ConnectAsync(wire, run.Settings.Clients);
        return await PacedScenario.MeasureAsync(run, clients, channels);
    }
}
