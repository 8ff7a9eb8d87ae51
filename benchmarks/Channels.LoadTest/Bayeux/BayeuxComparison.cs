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
    public static async Task<int> RunAsync(LoadSettings settings, CancellationToken cancellationToken)
    {
        // With acknowledgement each delivery costs the clients a request: few enough that they keep pace.
        var few = settings with { Clients = settings.Clients / 4 };
        Console.WriteLine("| figure | native | Bayeux | ratio (target) |");
        Console.WriteLine("|---|---:|---:|---:|");
        await CompareAsync("paced, CPU µs/delivery, without acknowledgement", Target.AtMost(1.2), few, new PacedScenario(), load => load.PaceAsync(acknowledges: false), cancellationToken);
        await CompareAsync("paced, CPU µs/delivery, with acknowledgement", Target.AtMost(2.5), few, new PacedScenario(), load => load.PaceAsync(acknowledges: true), cancellationToken);
        await CompareAsync("held connect, managed KB; target native + 6", null, settings, new ParkedScenario(), load => load.HoldAsync(), cancellationToken);
        await CompareAsync("all held connects woken, ms to the last", Target.AtMost(1.5), settings, new WakeScenario(), load => load.WakeAsync(), cancellationToken);
        return 0;
    }

    private static async Task CompareAsync(
        string figure, Target? target, LoadSettings settings, Scenario native, Func<BayeuxLoad, Task<double>> measure, CancellationToken cancellationToken)
    {
        var rounds = new List<(double Native, double Bayeux)>();
        for (var round = 0; round <= settings.Rounds; round++)
        {
            var one = await NativeAsync(settings, native, warmsUp: !native.NeedsFreshServer, cancellationToken);
            var other = await BayeuxAsync(settings, measure, warmsUp: !native.NeedsFreshServer, cancellationToken);
            rounds.Add((one, other));
        }

        var ratio = Median(rounds.Select(round => round.Bayeux / round.Native));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {figure} | {Median(rounds.Select(round => round.Native)):0.##} | {Median(rounds.Select(round => round.Bayeux)):0.##} | {ratio:0.##}{(target is null ? "" : $" ({target})")} |"));
    }

    private static async Task<double> NativeAsync(LoadSettings settings, Scenario scenario, bool warmsUp, CancellationToken cancellationToken)
    {
        await using var server = await ServerProcess.StartAsync(Wire.All[0], perfMap: false, cancellationToken);
        var run = new Run(server, settings, cancellationToken);
        if (warmsUp)
        {
            await scenario.MeasureAsync(run);
            await run.SettleAsync();
        }

        return (await scenario.MeasureAsync(run))[0];
    }

    private static async Task<double> BayeuxAsync(
        LoadSettings settings, Func<BayeuxLoad, Task<double>> measure, bool warmsUp, CancellationToken cancellationToken)
    {
        await using var server = await ServerProcess.StartAsync(Wire.All[0], perfMap: false, cancellationToken);
        using var load = new BayeuxLoad(server, settings, cancellationToken);
        if (warmsUp)
        {
            await measure(load);
        }

        return await measure(load);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
