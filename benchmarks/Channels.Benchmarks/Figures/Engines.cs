using Microsoft.Extensions.DependencyInjection;

namespace Channels.Benchmarks.Figures;

/// <summary>Engines as an application would set them up.</summary>
internal static class Engines
{
    public const string Payload128 =
        """{"text":"The quick brown fox jumps over the lazy dog, again and again, until it is tired of it","number":12345,"flag":true,"x":"y"}""";

    public static ServiceProvider Memory(Action<ChannelsOptions>? options = null) => Build(options, _ => { });

    public static ServiceProvider Sqlite(string path, Action<ChannelsOptions>? options = null) =>
        Build(options, channels => channels.UseSqliteStorage($"Data Source={path}"));

    private static ServiceProvider Build(Action<ChannelsOptions>? options, Action<IChannelsBuilder> storage)
    {
        var services = new ServiceCollection();
        var channels = services.AddChannels(options)
            .AddChannel("news", c => c.Others(ChannelPermission.Subscribe))
            .AddChannel("log", c => c.Others(ChannelPermission.Subscribe).Retain(count: 1_000_000))
            .AddChannel("other:{n}", c => c.Others(ChannelPermission.Subscribe))
            .AddChannel("deep/{a}/{b}", c => c.Others(ChannelPermission.Subscribe));
        storage(channels);
        return services.BuildServiceProvider();
    }
}
