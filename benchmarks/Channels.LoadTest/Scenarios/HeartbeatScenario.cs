using Channels.LoadTest.Client;
using Channels.LoadTest.Report;
using Channels.LoadTest.Wires;

namespace Channels.LoadTest.Scenarios;

/// <summary>Socket.IO sessions that poll and do nothing but keep alive.</summary>
internal sealed class HeartbeatScenario : Scenario
{
    /// <summary>How often the server asks; its default.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(25);

    private const int WarmUpClients = 8;
    private const int WarmUpHeartbeats = 500;

    public override string Name => "heartbeat";

    public override string Description =>
        $"Socket.IO clients that poll, opened evenly over {Interval.TotalSeconds:0} s, the server's heartbeat interval; what the server uses over the next {Interval.TotalSeconds:0} s, in which each client is asked once and answers at once; the bare loop only answers each poll after that time";

    public override bool NeedsFreshServer => true;

    /// <summary>It takes nearly a minute for each server and round.</summary>
    public override bool RunsByDefault => false;

    public override IReadOnlyList<Figure> Figures { get; } =
    [
        new("server CPU, % of one core") { Absolute = Target.AtMost(5) },
        new("server CPU µs/heartbeat"),
        new("bytes allocated/heartbeat"),
        new("heartbeats in all") { Compares = false },
    ];

    public override string? WhyNot(Wire wire) => wire is ChannelsWire or BareWire ? null : "it serves no Socket.IO";

    public override async Task<IReadOnlyList<double>> MeasureAsync(Run run)
    {
        var clients = run.Settings.IdleClients;
        using var lines = await run.OpenLinesAsync(2 * clients);
        var sessions = lines.All.Chunk(2).Select(pair => new PollingSession(pair[0], pair[1])).ToArray();
        await Task.WhenAll(sessions.Take(WarmUpClients).Select(session => session.WarmUpAsync(WarmUpHeartbeats, run.Cancelled)));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(run.Cancelled);
        var opened = new CountdownEvent(clients);
        var serving = Task.WhenAll(sessions.Select((session, i) => session.RunAsync(Interval * i / clients, () => opened.Signal(), over.Token)));
        await Task.WhenAny(serving, Task.Run(() => opened.Wait(over.Token), over.Token));
        await ThrowIfOverAsync(serving);
        var before = sessions.Sum(session => session.Heartbeats);
        var usage = await run.StartUsageAsync();
        await Task.WhenAny(serving, Task.Delay(Interval, run.Cancelled));
        await ThrowIfOverAsync(serving);
        var heartbeats = sessions.Sum(session => session.Heartbeats) - before;
        var used = await usage.StopAsync(heartbeats, run.Cancelled);
        if (sessions.Count(session => session.Heartbeats == 0) is > 0 and var silent)
        {
            run.AddFault($"{silent} clients had no heartbeat");
        }

        await over.CancelAsync();
        await serving.ContinueWith(static _ => { }, TaskScheduler.Default);
        return [used.Rate * used.CpuMicroseconds / 10_000, used.CpuMicroseconds, used.AllocatedBytes, heartbeats];
    }

    /// <summary>Sessions end only by a failure, until they are told to.</summary>
    private static async Task ThrowIfOverAsync(Task serving)
    {
        if (serving.IsCompleted)
        {
            await serving;
        }
    }
}
