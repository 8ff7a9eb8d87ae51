using System.Diagnostics;
using System.Globalization;
using Channels.LoadTest.Report;
using Channels.LoadTest.Wires;

namespace Channels.LoadTest.Scenarios;

/// <summary>All push stream clients come back at once and want what they missed.</summary>
internal sealed class PushResumeScenario : PushStreamScenario
{
    private const int Missed = 100;

    public override string Name => "push-resume";

    public override string Description =>
        $"all push stream WebSocket clients over {PushStreamWire.Channels} channels reconnect at once, first for new messages only, then after {Missed} missed messages each, until the last has all";

    public override IReadOnlyList<Figure> Figures { get; } =
    [
        new("s to reconnect") { Compares = false },
        new("s to resume") { Compares = false },
        new("resume / own reconnect") { Compares = false, Absolute = Target.AtMost(2.5) },
    ];

    public override async Task<IReadOnlyList<double>> MeasureAsync(Run run)
    {
        var reconnect = await ConnectAsync(run, new(), after: null);
        await run.SettleAsync();
        var (tag, time) = await run.Control.ReadPositionAsync(PushStreamWire.ShortPollPath, run.Cancelled);
        await run.Control.BurstAsync(channels: 1, first: 0, Missed, run.Cancelled);
        var resume = await ConnectAsync(run, new(time), long.Parse(tag, CultureInfo.InvariantCulture));
        return [reconnect, resume, resume / reconnect];
    }

    private static async Task<double> ConnectAsync(Run run, PushStreamWire wire, long? after)
    {
        var started = Stopwatch.GetTimestamp();
        using var clients = await run.ConnectAsync(wire, run.Settings.Clients, new(Wire.Address(0), after), after is null ? null : Missed);
        var time = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (after is not null)
        {
            run.Check(clients, Missed);
        }

        return time;
    }
}
