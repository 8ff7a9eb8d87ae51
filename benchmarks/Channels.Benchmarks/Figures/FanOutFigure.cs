using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Benchmarks.Figures;

/// <summary>1,000 in-process subscribers of one channel; a publisher that waits for them after each 200 messages.</summary>
internal sealed class FanOutFigure : Figure
{
    private const int Subscribers = 1_000;
    private const int Burst = 200;
    private const int Bursts = 50;

    public override string Name => "deliveries to 1,000 in-process subscribers";

    public override async Task<string> MeasureAsync(int rounds)
    {
        await using var services = Engines.Memory();
        var channels = services.GetRequiredService<IChannels>();
        var draft = new MessageDraft(Encoding.UTF8.GetBytes(Engines.Payload128).AsMemory());
        using var ending = new CancellationTokenSource();
        var counter = new Countdown();
        var readers = Enumerable.Range(0, Subscribers).Select(_ => ReadAsync(channels, counter, ending.Token)).ToArray();
        while (services.GetRequiredService<IChannelConnections>().Count < Subscribers)
        {
            await Task.Yield();
        }

        await BurstsAsync(channels, draft, counter, Bursts / 5);
        var rates = new List<double>();
        var allocated = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            rates.Add(await RateAsync((long)Subscribers * Burst * Bursts, () => BurstsAsync(channels, draft, counter, Bursts)));
            allocated.Add((GC.GetTotalAllocatedBytes(precise: true) - before) / ((double)Subscribers * Burst * Bursts));
        }

        await ending.CancelAsync();
        await Task.WhenAll(readers);
        return Row(
            $"{Number(Median(rates))} deliveries/s, {Ratio(Median(allocated))} bytes allocated per delivery (publishing included)",
            "", "", "10,000,000 deliveries/s, 0 bytes");
    }

    private static async Task BurstsAsync(IChannels channels, MessageDraft draft, Countdown counter, int bursts)
    {
        for (var burst = 0; burst < bursts; burst++)
        {
            var done = counter.Expect(Subscribers);
            for (var i = 0; i < Burst; i++)
            {
                await channels.PublishAsync("news", draft);
            }

            await done;
        }
    }

    private static async Task ReadAsync(IChannels channels, Countdown counter, CancellationToken ending)
    {
        try
        {
            var seen = 0;
            await foreach (var message in channels.SubscribeAsync("news", cancellationToken: ending))
            {
                if (++seen % Burst == 0)
                {
                    counter.Signal();
                }
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The figure has been measured.
        }
    }

    /// <summary>Completes when everybody has signalled.</summary>
    private sealed class Countdown
    {
        private TaskCompletionSource _done = new();
        private int _left;

        public Task Expect(int signals)
        {
            _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _left, signals);
            return _done.Task;
        }

        public void Signal()
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                _done.SetResult();
            }
        }
    }
}
