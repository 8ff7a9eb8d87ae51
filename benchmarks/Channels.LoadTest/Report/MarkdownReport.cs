using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Channels.LoadTest.Roles;
using Channels.LoadTest.Wires;

namespace Channels.LoadTest.Report;

/// <summary>The table that people read.</summary>
internal static class MarkdownReport
{
    private const string None = "–";

    /// <param name="results">What was measured.</param>
    /// <param name="settings">With which load.</param>
    /// <param name="loadBefore">Load of the machine before the first measurement.</param>
    public static string Write(IReadOnlyList<ScenarioResult> results, LoadSettings settings, string loadBefore)
    {
        var text = new StringBuilder();
        text.AppendLine("# Load test").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}; client and servers on one machine over loopback, each server in a process of its own. Load average before: {loadBefore}.");
        text.AppendLine(CultureInfo.InvariantCulture, $"Payload {LoadMessage.Bytes} bytes, {settings.Clients:N0} subscribers, {settings.IdleClients:N0} idle clients, at most {settings.Rounds} interleaved rounds of {settings.Duration.TotalSeconds:0.#} s after a warm-up.");
        text.AppendLine("Numbers are medians of the rounds, ratios are medians of each round's ratio. Absolute figures drift with the machine: believe the ratios.").AppendLine();
        if (settings.IsQuick)
        {
            text.AppendLine("A quick run: the servers are still compiling while they are measured. It shows that everything works, not how well.").AppendLine();
        }

        text.AppendLine("| scenario | figure | Channels | SignalR | bare Kestrel | / SignalR (target) | / bare (target) | spread | rounds | met |");
        text.AppendLine("|---|---|---:|---:|---:|---:|---:|---:|---:|---|");
        foreach (var result in results)
        {
            AppendRows(text, result);
        }

        AppendNotes(text, results);
        return text.ToString();
    }

    private static void AppendRows(StringBuilder text, ScenarioResult result)
    {
        for (var i = 0; i < result.Scenario.Figures.Count; i++)
        {
            var figure = result.Scenario.Figures[i];
            AppendRow(text, result, RoleNames.Channels, figure, i, i == 0 ? $"**{result.Scenario.Name}**" : "");
            if (double.IsFinite(result.Median(RoleNames.Direct, i)))
            {
                AppendRow(text, result, RoleNames.Direct, figure.ForDirect(), i, title: "");
            }
        }
    }

    private static void AppendRow(StringBuilder text, ScenarioResult result, string own, Figure figure, int index, string title)
    {
        string[] servers = [own, RoleNames.SignalR, RoleNames.Bare];
        string[] cells =
        [
            title,
            figure.Absolute is { } limit ? $"{figure.Name} ({limit})" : figure.Name,
            .. servers.Select(role => Number(result.Median(role, index))),
            Ratio(result, own, figure, RoleNames.SignalR, index, figure.OverSignalR?.ToString()),
            Ratio(result, own, figure, RoleNames.Bare, index, figure.MostAboveBare is { } more ? $"bare + {Number(more)}" : figure.OverBare?.ToString()),
            Percent(servers.Select(role => result.Spread(role, index)).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max()),
            result.Rounds.ToString(CultureInfo.InvariantCulture),
            Verdict(result, own, figure, index),
        ];
        text.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells)} |");
    }

    private static string Ratio(ScenarioResult result, string own, Figure figure, string peer, int index, string? target)
    {
        var ratio = figure.Compares ? result.Ratio(own, peer, index) : double.NaN;
        return (double.IsFinite(ratio) ? Number(ratio) : None) + (target is null ? "" : $" ({target})");
    }

    private static string Verdict(ScenarioResult result, string own, Figure figure, int index)
    {
        var value = result.Median(own, index);
        List<(bool IsKnown, bool IsMet)> checks = [];
        Check(result.Ratio(own, RoleNames.SignalR, index), figure.OverSignalR);
        Check(result.Ratio(own, RoleNames.Bare, index), figure.OverBare);
        Check(value, figure.Absolute);
        Check(value - result.Median(RoleNames.Bare, index), figure.MostAboveBare is { } more ? Target.AtMost(more) : null);
        return checks.Exists(check => check is { IsKnown: true, IsMet: false }) ? "**no**"
            : checks.Exists(check => check.IsKnown) ? "yes"
            : "";

        void Check(double measured, Target? target)
        {
            if (target is not null)
            {
                checks.Add((double.IsFinite(measured), target.IsMet(measured)));
            }
        }
    }

    private static void AppendNotes(StringBuilder text, IReadOnlyList<ScenarioResult> results)
    {
        text.AppendLine().AppendLine("Spread is the widest of the servers: (greatest − least) / median.").AppendLine();
        foreach (var result in results)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- **{result.Scenario.Name}**: {result.Scenario.Description}");
            foreach (var wire in Wire.All)
            {
                if (result.Scenario.WhyNot(wire) is { } reason)
                {
                    text.AppendLine(CultureInfo.InvariantCulture, $"  - not measured for {wire.Title}: {reason}.");
                }
            }
        }

        var faults = results.SelectMany(result => result.Faults).ToArray();
        text.AppendLine().AppendLine(faults.Length == 0 ? "No message was lost, came twice or out of order." : "Faults:");
        foreach (var (fault, times) in faults.CountBy(fault => fault))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {fault}{(times > 1 ? $" ({times} times)" : "")}");
        }
    }

    private static string Number(double value) => !double.IsFinite(value) ? None : Math.Abs(value) switch
    {
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };

    private static string Percent(double value) => double.IsFinite(value) ? value.ToString("0 %", CultureInfo.InvariantCulture) : None;
}
