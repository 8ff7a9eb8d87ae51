using Channels.LoadTest.Client;
using Channels.LoadTest.Report;

namespace Channels.LoadTest.Scenarios;

/// <summary>One channel, many subscribers, single messages with time between them: nothing can be sent together.</summary>
internal sealed class PacedScenario : Scenario
{
    private const int PerSecond = 50;
    private const double Worst = 0.99;

    /// <summary>With fewer, what the server does by itself would be most of the processor time.</summary>
    private const int LeastMessages = 50;

    public override string Name => "paced";

    public override string Description =>
        $"WebSocket subscribers of one channel; a publisher in the server's process sends {PerSecond} messages a second, so nothing coalesces";

    public override bool ComparesDirect => true;

    public override IReadOnlyList<Figure> Figures { get; } =
    [
        new("server CPU µs/delivery") { OverSignalR = Target.AtMost(0.82), OverBare = Target.AtMost(1.0), DirectOverSignalR = Target.AtMost(0.72), DirectOverBare = Target.AtMost(0.85) },
        new("p99 publish to receipt, ms") { OverSignalR = Target.AtMost(0.7), OverBare = Target.AtMost(1.1), DirectOverSignalR = Target.AtMost(0.55), DirectOverBare = Target.AtMost(1.0) },
        new("median publish to receipt, ms"),
        new("bytes allocated/delivery") { Compares = false, Absolute = Target.AtMost(16) },
        new("bytes of a frame") { Compares = false },
    ];

    public override async Task<IReadOnlyList<double>> MeasureAsync(Run run)
    {
        using var clients = await run.ConnectAsync(run.Settings.Clients);
        return await MeasureAsync(run, clients);
    }

    /// <summary>Measures with clients that are connected already.</summary>
    /// <param name="run">The run.</param>
    /// <param name="clients">The clients.</param>
    /// <param name="channels">Channels that each has subscribed to; they get messages in turn.</param>
    internal static async Task<IReadOnlyList<double>> MeasureAsync(Run run, ConnectionSet clients, int channels = 1)
    {
        var messages = Math.Max(LeastMessages, (int)(run.Settings.Duration.TotalSeconds * PerSecond));
        var latency = new LatencyLog(messages * clients.Count);
        clients.Audience.Latency = latency;
        var reached = clients.Audience.Expect(messages);
        var usage = await run.StartUsageAsync();
        await run.Control.PaceAsync(channels, messages, PerSecond, run.Cancelled);
        await reached.WithinAsync(run.Cancelled);
        var delivery = await usage.StopAsync((long)messages * clients.Count, run.Cancelled);
        run.Check(clients, messages);
        return
        [
            delivery.CpuMicroseconds,
            latency.Percentile(Worst),
            latency.Percentile(0.5),
            delivery.AllocatedBytes,
            clients.BytesPerMessage,
        ];
    }
}
