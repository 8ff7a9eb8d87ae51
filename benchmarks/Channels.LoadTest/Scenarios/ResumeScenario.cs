using System.Diagnostics;
using System.Text.Json;
using Channels.LoadTest.Report;
using Channels.LoadTest.Wires;

namespace Channels.LoadTest.Scenarios;

/// <summary>All clients come back at once and want what they missed.</summary>
internal sealed class ResumeScenario : Scenario
{
    private const int Missed = 100;

    public override string Name => "resume";

    public override string Description =>
        $"all WebSocket clients reconnect at once, first for new messages only, then after {Missed} missed messages each, until the last has all; the others cannot resume";

    public override IReadOnlyList<Figure> Figures { get; } =
    [
        new("s to reconnect"),
        new("s to resume") { Compares = false },
        new("resume / own reconnect") { Compares = false, Absolute = Target.AtMost(2.5) },
    ];

    public override async Task<IReadOnlyList<double>> MeasureAsync(Run run)
    {
        var started = Stopwatch.GetTimestamp();
        string greeting;
        using (var clients = await run.ConnectAsync(run.Settings.Clients))
        {
            greeting = clients.Greeting;
        }

        var reconnect = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (!run.Wire.Resumes)
        {
            return [reconnect, double.NaN, double.NaN];
        }

        await run.SettleAsync();
        await run.Control.BurstAsync(channels: 1, first: 0, Missed, run.Cancelled);
        var resume = await ResumeAsync(run, PositionOf(greeting));
        return [reconnect, resume, resume / reconnect];
    }

    private static async Task<double> ResumeAsync(Run run, long position)
    {
        var started = Stopwatch.GetTimestamp();
        using var clients = await run.ConnectAsync(run.Settings.Clients, _ => new(Wire.Address(0), position), firstTarget: Missed);
        var time = Stopwatch.GetElapsedTime(started).TotalSeconds;
        run.Check(clients, Missed);
        return time;
    }

    private static long PositionOf(string greeting)
    {
        using var ready = JsonDocument.Parse(greeting);
        return ready.RootElement.GetProperty("data").GetProperty("last_id").GetInt64();
    }
}
