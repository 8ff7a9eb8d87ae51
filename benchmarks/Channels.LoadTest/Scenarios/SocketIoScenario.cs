using Channels.LoadTest.Report;
using Channels.LoadTest.Wires;

namespace Channels.LoadTest.Scenarios;

/// <summary>The paced load for subscribers over Socket.IO and over the native stream of one server, one after the other.</summary>
internal sealed class SocketIoScenario : Scenario
{
    private static readonly SocketIoWire Wire = new();

    public override string Name => "socketio";

    public override string Description =>
        "as paced, with Socket.IO clients that subscribe by Speakap's command, and with native clients of the same server";

    public override IReadOnlyList<Figure> Figures { get; } =
    [
        new("Socket.IO: server CPU µs/delivery") { Compares = false },
        new("native: server CPU µs/delivery") { Compares = false },
        new("Socket.IO / native") { Compares = false, Absolute = Target.AtMost(1.15) },
        new("Socket.IO: p99 publish to receipt, ms") { Compares = false },
        new("Socket.IO: bytes allocated/delivery") { Compares = false },
    ];

    public override string? WhyNot(Wires.Wire wire) => wire is ChannelsWire ? null : "it serves no Socket.IO";

    public override async Task<IReadOnlyList<double>> MeasureAsync(Run run)
    {
        IReadOnlyList<double> native;
        using (var clients = await run.ConnectAsync(run.Settings.Clients))
        {
            native = await PacedScenario.MeasureAsync(run, clients);
        }

        await run.SettleAsync();
        using var others = await run.ConnectAsync(Wire, run.Settings.Clients);
        var socketIo = await PacedScenario.MeasureAsync(run, others);
        return [socketIo[0], native[0], socketIo[0] / native[0], socketIo[1], socketIo[3]];
    }
}
