using Channels.LoadTest.Client;
using Channels.LoadTest.Report;
using Channels.LoadTest.Wires;

namespace Channels.LoadTest.Scenarios;

/// <summary>Publishing over HTTP without subscribers.</summary>
internal sealed class PublishScenario : Scenario
{
    public override string Name => "publish";

    public override string Description =>
        "keep-alive connections that publish over HTTP, one request after the other on each, to nobody; Channels authenticates, checks the permission, validates, gives an id and stores, SignalR deserializes, the bare endpoint reads the body";

    public override IReadOnlyList<Figure> Figures { get; } =
    [
        new("requests/s") { OverSignalR = Target.AtLeast(1), OverBare = Target.AtLeast(1) },
        new("server CPU µs/request"),
        new("bytes allocated/request") { Compares = false },
    ];

    public override async Task<IReadOnlyList<double>> MeasureAsync(Run run)
    {
        using var lines = await run.OpenLinesAsync(run.Settings.Publishers);
        var usage = await run.StartUsageAsync();
        var counts = await Task.WhenAll(lines.All.Select(line => PublishAsync(run, line, usage)));
        var request = await usage.StopAsync(counts.Sum(), run.Cancelled);
        return [request.Rate, request.CpuMicroseconds, request.AllocatedBytes];
    }

    /// <summary>Publishes over one connection for as long as a measurement lasts.</summary>
    internal static async Task<long> PublishAsync(Run run, HttpLine line, Usage usage)
    {
        var request = run.Wire.Publish(Wire.Address(0));
        var count = 0L;
        while (usage.Elapsed < run.Settings.Duration)
        {
            await line.ExchangeAsync(request.Stamp(count), run.Cancelled);
            count++;
        }

        return count;
    }
}
