using Channels.LoadTest.Report;
using Channels.LoadTest.Wires;

namespace Channels.LoadTest.Scenarios;

/// <summary>The paced load for Pusher clients with three subscriptions each, and for native clients of the same server.</summary>
internal sealed class PusherScenario : Scenario
{
    private static readonly ChannelsWire Native = new(alsoSubscribed: PusherWire.Channels - 1);
    private static readonly PusherWire Pusher = new();

    public override string Name => "pusher";

    public override string Description =>
        $"as paced, with {PusherWire.Channels} subscriptions of each client that get messages in turn: Pusher clients, and native clients of the same server; whoever is first changes from round to round";

    public override IReadOnlyList<Figure> Figures { get; } =
    [
        new("Pusher: server CPU µs/delivery") { Compares = false },
        new("native: server CPU µs/delivery") { Compares = false },
        new("Pusher / native") { Compares = false, Absolute = Target.AtMost(1.15) },
        new("Pusher: p99 publish to receipt, ms") { Compares = false },
        new("Pusher: bytes allocated/delivery") { Compares = false },
        new("Pusher: bytes of a frame") { Compares = false },
    ];

    public override string? WhyNot(Wire wire) => wire is ChannelsWire ? null : "it serves no Pusher clients";

    public override async Task<IReadOnlyList<double>> MeasureAsync(Run run)
    {
        var isPusherFirst = run.Number % 2 == 1;
        var first = await MeasureAsync(run, isPusherFirst ? Pusher : Native);
        await run.SettleAsync();
        var second = await MeasureAsync(run, isPusherFirst ? Native : Pusher);
        var (pusher, native) = isPusherFirst ? (first, second) : (second, first);
        return [pusher[0], native[0], pusher[0] / native[0], pusher[1], pusher[3], pusher[4]];
    }

    private static async Task<IReadOnlyList<double>> MeasureAsync(Run run, Wire wire)
    {
        using var clients = await run.ConnectAsync(wire, run.Settings.Clients);
        return await PacedScenario.MeasureAsync(run, clients, PusherWire.Channels);
    }
}
