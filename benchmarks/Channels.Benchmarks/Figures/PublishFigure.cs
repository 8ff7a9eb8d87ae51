using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Benchmarks.Figures;

/// <summary>One publisher, memory, no subscriber: permission, validation, id, history with a count limit of 1,000.</summary>
internal sealed class PublishFigure : Figure
{
    private const int Messages = 1_000_000;

    public override string Name => "publish in process, memory, one publisher";

    public override async Task<string> MeasureAsync(int rounds)
    {
        await using var services = Engines.Memory();
        var channels = services.GetRequiredService<IChannels>();
        var draft = new MessageDraft(Encoding.UTF8.GetBytes(Engines.Payload128).AsMemory());
        await PublishAsync(channels, draft, Messages / 5);
        var rates = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            rates.Add(await RateAsync(Messages, () => PublishAsync(channels, draft, Messages)));
        }

        return Row($"{Number(Median(rates))} messages/s", "", "", "1,000,000 messages/s");
    }

    private static async Task PublishAsync(IChannels channels, MessageDraft draft, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await channels.PublishAsync("news", draft);
        }
    }
}
