using Channels;

namespace Playground.Hosting;

/// <summary>Chooses the storage that the settings name.</summary>
internal static class Storage
{
    public static IChannelsBuilder UseStorage(this IChannelsBuilder builder, PlaygroundOptions options)
    {
        if (options.IsInMemory)
        {
            return builder.UseMemoryStorage();
        }

        Directory.CreateDirectory(Path.GetDirectoryName(options.Database)!);
        return builder.UseSqliteStorage($"Data Source={options.Database}");
    }
}
