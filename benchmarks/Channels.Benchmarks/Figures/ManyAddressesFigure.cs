using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Benchmarks.Figures;

/// <summary>What a message costs, published and read, on a connection with 1,000 addresses and on one with 2.</summary>
internal sealed class ManyAddressesFigure : Figure
{
    private const int Messages = 50_000;

    public override string Name => "publish and deliver to a connection with 1,000 addresses (peer: with 2)";

    public override async Task<string> MeasureAsync(int rounds)
    {
        await using var few = await ReadingAsync(2);
        await using var many = await ReadingAsync(1000);
        var fewRates = new List<double>();
        var manyRates = new List<double>();
        for (var round = 0; round <= rounds; round++)
        {
            fewRates.Add(await DeliverAsync(few));
            manyRates.Add(await DeliverAsync(many));
        }

        var (peer, measured) = (fewRates.Skip(1).ToArray(), manyRates.Skip(1).ToArray());
        return Row($"{Number(Median(measured))} messages/s", $"{Number(Median(peer))} messages/s", $"cost x {Ratio(MedianRatio(peer, measured))}", "cost x 1.25");
    }

    private static async Task<Reading> ReadingAsync(int addresses)
    {
        var services = Engines.Memory();
        var connection = services.GetRequiredService<IChannelConnections>().TryOpen(new() { Protocol = "figure", Caller = ChannelCaller.Host })!;
        for (var i = 0; i < addresses; i++)
        {
            await connection.SubscribeAsync($"other:{i}");
        }

        return new(services, connection);
    }

    private static Task<double> DeliverAsync(Reading reading)
    {
        var channels = reading.Services.GetRequiredService<IChannels>();
        var draft = new MessageDraft(Encoding.UTF8.GetBytes(Engines.Payload128).AsMemory());
        return RateAsync(Messages, async () =>
        {
            for (var i = 0; i < Messages; i++)
            {
                await channels.PublishAsync("other:1", draft);
                while (!reading.Connection.TryRead(out _))
                {
                    await reading.Connection.WaitToReadAsync();
                }
            }
        });
    }

    private sealed record Reading(ServiceProvider Services, IChannelConnection Connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Connection.DisposeAsync();
            await Services.DisposeAsync();
        }
    }
}
