using Channels.LoadTest.Scenarios;
using Channels.LoadTest.Wires;

namespace Channels.LoadTest.Report;

/// <summary>What one scenario measured, round by round.</summary>
internal sealed class ScenarioResult(Scenario scenario)
{
    private readonly List<(int Round, Wire Wire, IReadOnlyList<double> Values)> _measurements = [];
    private readonly List<string> _faults = [];

    public Scenario Scenario { get; } = scenario;

    /// <summary>Losses, duplicates, disorder and failures.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public int Rounds => _measurements.Count == 0 ? 0 : _measurements.Max(measurement => measurement.Round) + 1;

    public void Add(int round, Wire wire, IReadOnlyList<double> values) => _measurements.Add((round, wire, values));

    public void AddFault(Wire wire, string fault) => _faults.Add($"{Scenario.Name}, {wire.Title}: {fault}");

    /// <summary>The median of all rounds; not a number where nothing was measured.</summary>
    public double Median(string role, int figure) => Middle(Values(role, figure).Select(value => value.Value));

    /// <summary>The median of the ratios of each round: both sides of a ratio met the same disturbances.</summary>
    public double Ratio(string role, string peer, int figure)
    {
        var peers = Values(peer, figure).ToDictionary(value => value.Round, value => value.Value);
        return Middle(Values(role, figure).Where(value => peers.ContainsKey(value.Round)).Select(value => value.Value / peers[value.Round]));
    }

    /// <summary>How far the rounds lie apart, as a share of the median.</summary>
    public double Spread(string role, int figure)
    {
        var values = Values(role, figure).Select(value => value.Value).ToArray();
        return values.Length < 2 ? double.NaN : (values.Max() - values.Min()) / Middle(values);
    }

    private static double Middle(IEnumerable<double> values)
    {
        var sorted = values.Where(double.IsFinite).Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private IEnumerable<(int Round, double Value)> Values(string role, int figure) =>
        from measurement in _measurements
        where measurement.Wire.Role == role
        select (measurement.Round, measurement.Values[figure]);
}
