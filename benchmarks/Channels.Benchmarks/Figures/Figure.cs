using System.Diagnostics;
using System.Globalization;

namespace Channels.Benchmarks.Figures;

/// <summary>One promised number: measured in rounds that alternate with its peer, so that both meet the same disturbances.</summary>
internal abstract class Figure
{
    public abstract string Name { get; }

    /// <summary>Measures and returns one row of the table.</summary>
    public abstract Task<string> MeasureAsync(int rounds);

    protected static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    /// <summary>Median of the ratios of rounds that ran right after each other, which other work on the machine disturbs least.</summary>
    protected static double MedianRatio(IEnumerable<double> values, IEnumerable<double> peers) => Median(values.Zip(peers, (value, peer) => value / peer));

    /// <summary>Operations per second of something that takes a while.</summary>
    protected static async Task<double> RateAsync(long operations, Func<Task> run)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var started = Stopwatch.GetTimestamp();
        await run();
        return operations / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    protected string Row(string measured, string peer, string ratio, string target) => $"| {Name} | {measured} | {peer} | {ratio} | {target} |";

    protected static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    protected static string Ratio(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
