using System.Diagnostics;
using System.Runtime.InteropServices;
using Channels.LoadTest.Bayeux;
using Channels.LoadTest.Client;
using Channels.LoadTest.Report;
using Channels.LoadTest.Roles;

namespace Channels.LoadTest;

internal static class Program
{
    /// <returns>0: measured; 1: a message was lost or a scenario failed; 2: the command line was not understood.</returns>
    private static async Task<int> Main(string[] args)
    {
        if (args is [RoleHost.Verb, var role])
        {
            return await RoleHost.ServeAsync(role);
        }

        if (args.Contains("--help"))
        {
            Console.WriteLine(LoadTestOptions.Usage);
            return 0;
        }

        try
        {
            if (args is [BayeuxComparison.Verb, .. var rest])
            {
                LoopbackSocket.CompleteInline();
                return await BayeuxComparison.RunAsync(LoadTestOptions.Parse(rest), CancellationToken.None);
            }

            return await RunAsync(LoadTestOptions.Parse(args));
        }
        catch (FormatException exception)
        {
            await Console.Error.WriteLineAsync($"{exception.Message}\n\n{LoadTestOptions.Usage}");
            return 2;
        }
    }

    private static async Task<int> RunAsync(LoadTestOptions options)
    {
        LoopbackSocket.CompleteInline();
        using var stop = new CancellationTokenSource(options.Settings.Limit);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var loadBefore = MachineLoad.Read();
        var results = await MeasureAsync(options, stop.Token);
        var report = MarkdownReport.Write(results, options.Settings, loadBefore);
        Console.Write(report);
        if (options.Output is { } file)
        {
            await File.WriteAllTextAsync(file, report, CancellationToken.None);
        }

        return results.All(result => result.Faults.Count == 0) ? 0 : 1;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<List<ScenarioResult>> MeasureAsync(LoadTestOptions options, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var results = new List<ScenarioResult>();
        foreach (var scenario in options.Scenarios.TakeWhile(_ => !cancellationToken.IsCancellationRequested))
        {
            var left = options.Settings.Budget - Stopwatch.GetElapsedTime(started);
            await using var rounds = new ScenarioRounds(scenario, options, cancellationToken);
            results.Add(await rounds.MeasureAsync(left / (options.Scenarios.Count - results.Count)));
        }

        return results;
    }
}
