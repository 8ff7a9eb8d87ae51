using Channels.LoadTest.Client;
using Channels.LoadTest.Report;

namespace Channels.LoadTest.Scenarios;

/// <summary>One message that ends all polls.</summary>
internal sealed class WakeScenario : Scenario
{
    /// <summary>How often in one measurement; the median counts. As often before it, so that no method is compiled again meanwhile.</summary>
    public const int Wakes = 11;

    public override string Name => "wake";

    public override string Description => $"HTTP polls of one channel that one message wakes, {Wakes} times; the time from the order to publish to the last whole answer";

    public override IReadOnlyList<Figure> Figures { get; } =
    [
        new("ms to the last poll") { OverSignalR = Target.AtMost(0.75), OverBare = Target.AtMost(1.1) },
        new("server CPU µs/poll, with its request"),
        new("bytes allocated/poll") { Compares = false },
    ];

    public override async Task<IReadOnlyList<double>> MeasureAsync(Run run)
    {
        var polls = run.Settings.IdleClients;
        await using var set = await PollSet.OpenAsync(run, run.Wire, polls);
        var usage = await run.StartUsageAsync();
        var times = new List<double>();
        for (var wake = 0; wake < Wakes; wake++)
        {
            times.Add(await set.WakeAsync(wake));
        }

        var poll = await usage.StopAsync((long)polls * Wakes, run.Cancelled);
        return [times.Order().ElementAt(Wakes / 2), poll.CpuMicroseconds, poll.AllocatedBytes];
    }
}
