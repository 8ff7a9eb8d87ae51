using System.Diagnostics;
using Channels.LoadTest.Client;

namespace Channels.LoadTest.Scenarios;

/// <summary>Parks a poll on every line and wakes them all by one message.</summary>
internal static class PollWake
{
    /// <returns>Milliseconds from the order to publish to the last whole answer.</returns>
    public static async Task<double> MeasureAsync(Run run, HttpLines lines, ReadOnlyMemory<byte> request, int sequence)
    {
        var answers = lines.All.Select(line => line.ExchangeAsync(request, run.Cancelled).AsTask()).ToArray();
        await run.ParkedAsync(answers.Length);
        var published = Stopwatch.GetTimestamp();
        await run.Control.BurstAsync(channels: 1, sequence, count: 1, run.Cancelled);
        await Task.WhenAll(answers).WithinAsync(run.Cancelled);
        var time = Stopwatch.GetElapsedTime(published);
        if (lines.All.Any(line => !line.Carries(sequence)))
        {
            run.AddFault("a poll was answered with another message");
        }

        return time.TotalMilliseconds;
    }
}
