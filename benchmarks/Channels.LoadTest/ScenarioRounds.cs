using System.Diagnostics;
using Channels.LoadTest.Report;
using Channels.LoadTest.Scenarios;
using Channels.LoadTest.Wires;

namespace Channels.LoadTest;

/// <summary>Measures all servers in one scenario, in turn, round after round.</summary>
internal sealed class ScenarioRounds(Scenario scenario, LoadTestOptions options, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly Dictionary<Wire, ServerProcess> _servers = [];
    private readonly ScenarioResult _result = new(scenario);

    /// <summary>Measures at least one round.</summary>
    /// <param name="budget">No further round begins after this.</param>
    public async Task<ScenarioResult> MeasureAsync(TimeSpan budget)
    {
        var started = Stopwatch.GetTimestamp();
        var wires = options.Wires.Where(scenario.Takes).ToArray();
        try
        {
            await WarmUpAsync(wires);
            for (var round = 0; round < options.Settings.Rounds && (round == 0 || Stopwatch.GetElapsedTime(started) < budget); round++)
            {
                // Another one begins each time, so that none always runs behind the same neighbour.
                foreach (var wire in wires.Skip(round % wires.Length).Concat(wires.Take(round % wires.Length)))
                {
                    await MeasureAsync(round, wire);
                }
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            _result.AddFault(options.Wires[0], "stopped before its end");
        }

        return _result;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            await server.DisposeAsync();
        }

        _servers.Clear();
    }

    private async Task WarmUpAsync(IEnumerable<Wire> wires)
    {
        foreach (var wire in wires.Where(_ => !scenario.NeedsFreshServer))
        {
            for (var time = 0; time < scenario.WarmUps; time++)
            {
                await TryMeasureAsync(time, wire);
            }
        }
    }

    private async Task MeasureAsync(int round, Wire wire)
    {
        var values = await TryMeasureAsync(round, wire);
        if (values is not null)
        {
            _result.Add(round, wire, values);
            await Console.Error.WriteLineAsync($"{scenario.Name} {round + 1}/{options.Settings.Rounds} {wire.Title}: {values[0]:N2} {scenario.Figures[0].Name}");
        }
    }

    /// <returns><see langword="null"/> when it failed, which is noted.</returns>
    private async Task<IReadOnlyList<double>?> TryMeasureAsync(int round, Wire wire)
    {
        try
        {
            var run = new Run(await ServerOfAsync(wire), options.Settings, round, cancellationToken);
            var values = await scenario.MeasureAsync(run);
            foreach (var fault in run.Faults)
            {
                _result.AddFault(wire, fault);
            }

            await EndAsync(run);
            return values;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _result.AddFault(wire, exception.Message);
            await StopAsync(wire);
            return null;
        }
    }

    private async Task EndAsync(Run run)
    {
        if (scenario.NeedsFreshServer)
        {
            await StopAsync(run.Wire);
        }
        else
        {
            await run.SettleAsync();
        }
    }

    private async Task<ServerProcess> ServerOfAsync(Wire wire)
    {
        if (!_servers.TryGetValue(wire, out var server))
        {
            _servers[wire] = server = await ServerProcess.StartAsync(wire, options.PerfMap, cancellationToken);
        }

        return server;
    }

    private async Task StopAsync(Wire wire)
    {
        if (_servers.Remove(wire, out var server))
        {
            await server.DisposeAsync();
        }
    }
}
