using System.Diagnostics;

namespace Channels.LoadTest.Client;

/// <summary>Times from publish to receipt. Both ends are processes of one machine and read the same clock.</summary>
internal sealed class LatencyLog(int capacity)
{
    private readonly long[] _ticks = new long[capacity];
    private int _count;

    public void Add(long published)
    {
        var slot = Interlocked.Increment(ref _count) - 1;
        if (slot < _ticks.Length)
        {
            _ticks[slot] = Stopwatch.GetTimestamp() - published;
        }
    }

    /// <summary>The time in milliseconds that a share of all messages needed at most.</summary>
    /// <param name="share">Between 0 and 1.</param>
    public double Percentile(double share)
    {
        var sorted = _ticks.AsSpan(0, Math.Min(_count, _ticks.Length)).ToArray();
        Array.Sort(sorted);
        return sorted.Length == 0 ? double.NaN : sorted[(int)(share * (sorted.Length - 1))] * 1000.0 / Stopwatch.Frequency;
    }
}
