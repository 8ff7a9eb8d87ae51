using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Benchmarks.Figures;

/// <summary>What a publish costs beside 10 and beside 1,000,000 other channels with a message each.</summary>
internal sealed class ManyChannelsFigure : Figure
{
    private const int Messages = 100_000;

    public override string Name => "publish beside 1,000,000 other channels and messages (peer: beside 10)";

    public override async Task<string> MeasureAsync(int rounds)
    {
        await using var few = await WithChannelsAsync(10);
        await using var many = await WithChannelsAsync(1_000_000);
        var fewRates = new List<double>();
        var manyRates = new List<double>();
        for (var round = 0; round <= rounds * 3; round++)
        {
            fewRates.Add(await PublishAsync(few));
            manyRates.Add(await PublishAsync(many));
        }

        var (few10, many1M) = (fewRates.Skip(1).ToArray(), manyRates.Skip(1).ToArray());
        return Row(
            $"{Number(Median(many1M))} messages/s", $"{Number(Median(few10))} messages/s", $"cost x {Ratio(MedianRatio(few10, many1M))}", "cost x 1.25");
    }

    private static async Task<ServiceProvider> WithChannelsAsync(int count)
    {
        var services = Engines.Memory(o => o.RetainAge = TimeSpan.FromDays(1));
        var channels = services.GetRequiredService<IChannels>();
        for (var i = 0; i < count; i++)
        {
            await channels.PublishAsync($"other:{i}", new());
        }

        return services;
    }

    private static Task<double> PublishAsync(ServiceProvider services)
    {
        var channels = services.GetRequiredService<IChannels>();
        var draft = new MessageDraft(Encoding.UTF8.GetBytes(Engines.Payload128).AsMemory());
        return RateAsync(Messages, async () =>
        {
            for (var i = 0; i < Messages; i++)
            {
                await channels.PublishAsync("news", draft);
            }
        });
    }
}
