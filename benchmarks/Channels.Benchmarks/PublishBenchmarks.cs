using System.Text;
using BenchmarkDotNet.Attributes;
using Channels.Benchmarks.Figures;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Benchmarks;

/// <summary>One publish and one poll in memory, with what they allocate.</summary>
[MemoryDiagnoser]
public class PublishBenchmarks
{
    private readonly MessageDraft _draft = new(Encoding.UTF8.GetBytes(Engines.Payload128).AsMemory());
    private ServiceProvider _services = null!;
    private IChannels _channels = null!;

    [GlobalSetup]
    public void Start()
    {
        _services = Engines.Memory();
        _channels = _services.GetRequiredService<IChannels>();
    }

    [GlobalCleanup]
    public void Stop() => _services.Dispose();

    [Benchmark(Baseline = true)]
    public ValueTask<ChannelMessage> Publish() => _channels.PublishAsync("news", _draft);

    [Benchmark]
    public async Task<PollResult> ParkAndWakeOnePoll()
    {
        var poll = _channels.PollAsync("news");
        await _channels.PublishAsync("news", _draft);
        return await poll;
    }
}
