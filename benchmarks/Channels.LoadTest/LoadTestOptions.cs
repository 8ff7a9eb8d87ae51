using System.Globalization;
using Channels.LoadTest.Scenarios;
using Channels.LoadTest.Wires;

namespace Channels.LoadTest;

/// <summary>What the command line asks for.</summary>
internal sealed record LoadTestOptions
{
    public static string Usage { get; } = $"""
        Compares Channels with SignalR and a bare Kestrel loop and prints a Markdown table.

          dotnet run -c Release --project benchmarks/Channels.LoadTest -- [scenario …] [options]
          dotnet run -c Release --project benchmarks/Channels.LoadTest -- bayeux [paced|parked|wake …] [options]   the Bayeux front end and the native wire

        Scenarios: {string.Join(", ", Scenario.All.Select(scenario => scenario.Name))}.
        Without any, those that compare servers; the others compare the wires of one server, or take long.

          --quick            fewer clients and rounds, less than a minute
          --rounds N         most rounds of each scenario (5)
          --seconds N        least duration of a measurement (2)
          --clients N        WebSocket subscribers (1000)
          --idle-clients N   idle WebSockets, and polls (2000)
          --budget N         no new round begins after this many seconds (510)
          --servers A,B      which of {string.Join(", ", Wire.All.Select(wire => wire.Role))}
          --output FILE      writes the table to a file too
          --perf-map         lets perf resolve the servers' methods
        """;

    public LoadSettings Settings { get; private init; } = new();

    public IReadOnlyList<Scenario> Scenarios { get; private init; } = [.. Scenario.All.Where(scenario => scenario.RunsByDefault)];

    public IReadOnlyList<Wire> Wires { get; private init; } = Wire.All;

    public string? Output { get; private init; }

    public bool PerfMap { get; private init; }

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">It cannot be understood.</exception>
    public static LoadTestOptions Parse(string[] args)
    {
        var options = new LoadTestOptions { Settings = args.Contains("--quick") ? LoadSettings.Quick : new() };
        var names = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                names.Add(args[i]);
            }
            else if (args[i] is "--quick" or "--perf-map")
            {
                options = options with { PerfMap = options.PerfMap || args[i] == "--perf-map" };
            }
            else
            {
                options = options.With(args[i], ++i < args.Length ? args[i] : throw new FormatException($"{args[i - 1]} needs a value."));
            }
        }

        return names.Count == 0 ? options : options with { Scenarios = [.. names.Select(FindScenario)] };
    }

    private static Scenario FindScenario(string name) =>
        Scenario.All.FirstOrDefault(scenario => scenario.Name == name) ?? throw new FormatException($"There is no scenario '{name}'.");

    private static Wire FindWire(string role) =>
        Wire.All.FirstOrDefault(wire => wire.Role == role) ?? throw new FormatException($"There is no server '{role}'.");

    private static int Number(string name, string value) =>
        int.TryParse(value, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new FormatException($"{name} needs a positive number.");

    private LoadTestOptions With(string name, string value) => name switch
    {
        "--output" => this with { Output = value },
        "--servers" => this with { Wires = [.. value.Split(',').Select(FindWire)] },
        "--rounds" => this with { Settings = Settings with { Rounds = Number(name, value) } },
        "--seconds" => this with { Settings = Settings with { Duration = TimeSpan.FromSeconds(Number(name, value)) } },
        "--clients" => this with { Settings = Settings with { Clients = Number(name, value) } },
        "--idle-clients" => this with { Settings = Settings with { IdleClients = Number(name, value) } },
        "--budget" => this with { Settings = Settings.WithBudget(TimeSpan.FromSeconds(Number(name, value))) },
        _ => throw new FormatException($"There is no option {name}."),
    };
}
