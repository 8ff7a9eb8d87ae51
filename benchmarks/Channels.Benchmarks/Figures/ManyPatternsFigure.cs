using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Benchmarks.Figures;

/// <summary>What a publish costs beside 10,000 patterns that do not match, and without any.</summary>
internal sealed class ManyPatternsFigure : Figure
{
    private const int Messages = 100_000;
    private const int Connections = 100;
    private const int PatternsEach = 100;

    public override string Name => "publish beside 10,000 patterns (peer: beside none)";

    public override async Task<string> MeasureAsync(int rounds)
    {
        await using var none = Engines.Memory();
        await using var many = Engines.Memory();
        await SubscribeAsync(many);
        var noneRates = new List<double>();
        var manyRates = new List<double>();
        for (var round = 0; round <= rounds; round++)
        {
            noneRates.Add(await PublishAsync(none));
            manyRates.Add(await PublishAsync(many));
        }

        var (peer, measured) = (noneRates.Skip(1).ToArray(), manyRates.Skip(1).ToArray());
        return Row($"{Number(Median(measured))} messages/s", $"{Number(Median(peer))} messages/s", $"cost x {Ratio(MedianRatio(peer, measured))}", "cost x 1.25");
    }

    private static async Task SubscribeAsync(ServiceProvider services)
    {
        for (var i = 0; i < Connections * PatternsEach; i += PatternsEach)
        {
            // Ends with the engine.
            var connection = services.GetRequiredService<IChannelConnections>().TryOpen(new() { Protocol = "figure", Caller = ChannelCaller.Host })!;
            for (var j = i; j < i + PatternsEach; j++)
            {
                _ = ChannelPattern.TryParse(string.Create(CultureInfo.InvariantCulture, $"deep/{j}/**"), out var pattern);
                await connection.SubscribePatternAsync(pattern, ChannelAddress.DefaultInstance);
            }
        }
    }

    private static Task<double> PublishAsync(ServiceProvider services)
    {
        var channels = services.GetRequiredService<IChannels>();
        var draft = new MessageDraft(Encoding.UTF8.GetBytes(Engines.Payload128).AsMemory());
        return RateAsync(Messages, async () =>
        {
            for (var i = 0; i < Messages; i++)
            {
                await channels.PublishAsync("deep/x/y", draft);
            }
        });
    }
}
