using System.Globalization;
using Channels.LoadTest.Report;
using Channels.LoadTest.Scenarios;
using Channels.LoadTest.Wires;

namespace Channels.LoadTest.Bayeux;

/// <summary>Compares the Bayeux front end with the native wire of the same server and prints a Markdown table.</summary>
internal static class BayeuxComparison
{
    /// <summary>The word that starts it.</summary>
    public const string Verb = "bayeux";

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(LoadTestOptions options, CancellationToken cancellationToken)
    {
        // With acknowledgement each delivery costs the clients a request: few enough that they keep pace.
        var few = options.Settings with { Clients = options.Settings.Clients / 4 };
        var comparisons = new Comparison[]
        {
            new("paced, CPU µs/delivery, without acknowledgement", Target.AtMost(1.2), few, new PacedScenario(), load => load.PaceAsync(acknowledges: false)),
            new("paced, CPU µs/delivery, with acknowledgement", Target.AtMost(2.5), few, new PacedScenario(), load => load.PaceAsync(acknowledges: true)),
            new("held connect, managed KB; target native + 6", null, options.Settings, new ParkedScenario(), load => load.HoldAsync()),
            new("all held connects woken, ms to the last", Target.AtMost(1.5), options.Settings, new WakeScenario(), load => load.WakeAsync()),
        };
        Console.WriteLine("| figure | native | Bayeux | ratio (target) |");
        Console.WriteLine("|---|---:|---:|---:|");
        foreach (var comparison in comparisons.Where(comparison => options.Scenarios.Any(scenario => scenario.Name == comparison.Native.Name)))
        {
            Console.WriteLine(await CompareAsync(comparison, options.PerfMap, cancellationToken));
        }

        return 0;
    }

    private static async Task<string> CompareAsync(Comparison comparison, bool perfMap, CancellationToken cancellationToken)
    {
        var rounds = new List<(double Native, double Bayeux)>();
        for (var round = 0; round < comparison.Settings.Rounds; round++)
        {
            var native = await NativeAsync(comparison, perfMap, cancellationToken);
            var bayeux = await BayeuxAsync(comparison, perfMap, cancellationToken);
            rounds.Add((native, bayeux));
        }

        var ratio = Median(rounds.Select(round => round.Bayeux / round.Native));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {comparison.Figure} | {Median(rounds.Select(round => round.Native)):0.##} | {Median(rounds.Select(round => round.Bayeux)):0.##} | {ratio:0.##}{(comparison.Target is { } target ? $" ({target})" : "")} |");
    }

    private static async Task<double> NativeAsync(Comparison comparison, bool perfMap, CancellationToken cancellationToken)
    {
        await using var server = await ServerProcess.StartAsync(Wire.All[0], perfMap, cancellationToken);
        var run = new Run(server, comparison.Settings, number: 0, cancellationToken);
        if (comparison.WarmsUp)
        {
            await comparison.Native.MeasureAsync(run);
            await run.SettleAsync();
        }

        return (await comparison.Native.MeasureAsync(run))[0];
    }

    private static async Task<double> BayeuxAsync(Comparison comparison, bool perfMap, CancellationToken cancellationToken)
    {
        await using var server = await ServerProcess.StartAsync(Wire.All[0], perfMap, cancellationToken);
        using var load = new BayeuxLoad(server, comparison.Settings, cancellationToken);
        if (comparison.WarmsUp)
        {
            await comparison.MeasureAsync(load);
        }

        return await comparison.MeasureAsync(load);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    /// <summary>One figure of both.</summary>
    /// <param name="Figure">What is measured.</param>
    /// <param name="Target">What the ratio shall be, if it is that which counts.</param>
    /// <param name="Settings">How much load.</param>
    /// <param name="Native">Measures the native wire.</param>
    /// <param name="MeasureAsync">Measures Bayeux.</param>
    private sealed record Comparison(string Figure, Target? Target, LoadSettings Settings, Scenario Native, Func<BayeuxLoad, Task<double>> MeasureAsync)
    {
        public bool WarmsUp => !Native.NeedsFreshServer;
    }
}
