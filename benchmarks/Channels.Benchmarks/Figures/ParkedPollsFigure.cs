using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Benchmarks.Figures;

/// <summary>100,000 polls wait on one address; one message answers them all.</summary>
internal sealed class ParkedPollsFigure : Figure
{
    private const int Polls = 100_000;

    public override string Name => "100,000 parked polls on one address";

    public override async Task<string> MeasureAsync(int rounds)
    {
        await using var services = Engines.Memory();
        var channels = services.GetRequiredService<IChannels>();
        var bytes = new List<double>();
        var wakes = new List<double>();
        using var client = new CancellationTokenSource();
        for (var round = 0; round < rounds; round++)
        {
            await channels.PublishAsync("news", new());
            var polls = new ValueTask<PollResult>[Polls];
            var before = GC.GetTotalMemory(forceFullCollection: true);
            for (var i = 0; i < Polls; i++)
            {
                polls[i] = channels.PollAsync("news", cancellationToken: client.Token);
            }

            bytes.Add((GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Polls);
            var started = Stopwatch.GetTimestamp();
            await channels.PublishAsync("news", new());
            foreach (var poll in polls)
            {
                await poll;
            }

            wakes.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return Row($"{Number(Median(bytes))} bytes each; {Number(Median(wakes))} ms to answer all", "", "", "600 bytes each");
    }
}
