using Channels.LoadTest.Client;
using Channels.LoadTest.Report;
using Channels.LoadTest.Wires;

namespace Channels.LoadTest.Scenarios;

/// <summary>Signed triggers beside publishing to the same server without a signature.</summary>
internal sealed class PusherTriggerScenario : Scenario
{
    public override string Name => "trigger";

    public override string Description =>
        "as publish, the same payload by signed requests of a Pusher server library, made in advance, and by unsigned native ones to the same server; whoever is first changes from round to round";

    public override IReadOnlyList<Figure> Figures { get; } =
    [
        new("trigger: server CPU µs/request") { Compares = false },
        new("native: server CPU µs/request") { Compares = false },
        new("trigger / native, CPU") { Compares = false, Absolute = Target.AtMost(1.3) },
        new("trigger: requests/s") { Compares = false },
        new("native: requests/s") { Compares = false },
        new("native / trigger, requests/s") { Compares = false, Absolute = Target.AtMost(1.3) },
        new("trigger: bytes allocated/request") { Compares = false },
        new("native: bytes allocated/request") { Compares = false },
    ];

    public override string? WhyNot(Wire wire) => wire is ChannelsWire ? null : "it serves no Pusher triggers";

    public override async Task<IReadOnlyList<double>> MeasureAsync(Run run)
    {
        var isTriggerFirst = run.Number % 2 == 1;
        var first = await MeasureAsync(run, isTriggerFirst);
        var second = await MeasureAsync(run, !isTriggerFirst);
        var (trigger, native) = isTriggerFirst ? (first, second) : (second, first);
        return
        [
            trigger.CpuMicroseconds, native.CpuMicroseconds, trigger.CpuMicroseconds / native.CpuMicroseconds,
            trigger.Rate, native.Rate, native.Rate / trigger.Rate,
            trigger.AllocatedBytes, native.AllocatedBytes,
        ];
    }

    private static async Task<Usage.PerOperation> MeasureAsync(Run run, bool isTrigger)
    {
        using var lines = await run.OpenLinesAsync(run.Settings.Publishers);
        var usage = await run.StartUsageAsync();
        var counts = await Task.WhenAll(lines.All.Select((line, i) =>
            isTrigger ? TriggerAsync(run, line, i, usage) : PublishScenario.PublishAsync(run, line, usage)));
        return await usage.StopAsync(counts.Sum(), run.Cancelled);
    }

    private static async Task<long> TriggerAsync(Run run, HttpLine line, int number, Usage usage)
    {
        var request = PusherWire.Trigger(number);
        var count = 0L;
        while (usage.Elapsed < run.Settings.Duration)
        {
            await line.ExchangeAsync(request, run.Cancelled);
            count++;
        }

        return count;
    }
}
