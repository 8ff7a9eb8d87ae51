using Channels;
using Channels.Storage.Memory;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Chooses memory as the storage of channels.</summary>
public static class MemoryStorageExtensions
{
    /// <summary>Keeps messages, descriptors and data objects in memory; they are lost when the process ends. Replaces any storage chosen before.</summary>
    /// <param name="builder">The channels being configured.</param>
    /// <param name="configure">Changes the bounds.</param>
    public static IChannelsBuilder UseMemoryStorage(this IChannelsBuilder builder, Action<MemoryStorageOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MemoryStorageOptions>, MemoryStorageOptionsValidator>());
        services.AddOptions<MemoryStorageOptions>().Configure(options => configure?.Invoke(options)).ValidateOnStart();
        services.RemoveAll<MemoryStore>();
        services.AddSingleton(static provider => new MemoryStore(
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<MemoryStorageOptions>>().Value));
        return builder.ReplaceStores();
    }

    /// <summary>Keeps messages, descriptors and data objects in a given store, so that several service providers can share one log. Replaces any storage chosen before.</summary>
    /// <param name="builder">The channels being configured.</param>
    /// <param name="store">The store; its own clock and bounds apply.</param>
    public static IChannelsBuilder UseMemoryStorage(this IChannelsBuilder builder, MemoryStore store)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(store);
        builder.Services.RemoveAll<MemoryStore>();
        builder.Services.AddSingleton(store);
        return builder.ReplaceStores();
    }

    /// <summary>Shares who is present with the other engines of this process that use the same store.</summary>
    /// <param name="builder">The channels being configured.</param>
    /// <param name="store">The store.</param>
    public static IChannelsBuilder UseMemoryPresence(this IChannelsBuilder builder, MemoryPresenceStore store)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(store);
        builder.Services.RemoveAll<IPresenceStore>();
        builder.Services.AddSingleton<IPresenceStore>(store);
        return builder;
    }

    private static IChannelsBuilder ReplaceStores(this IChannelsBuilder builder)
    {
        builder.Services.RemoveAll<IMessageStore>();
        builder.Services.RemoveAll<IChannelStore>();
        builder.Services.RemoveAll<IDataObjectStore>();
        builder.Services.AddSingleton<IMessageStore>(static provider => provider.GetRequiredService<MemoryStore>());
        builder.Services.AddSingleton<IChannelStore>(static provider => provider.GetRequiredService<MemoryStore>());
        builder.Services.AddSingleton<IDataObjectStore>(static provider => provider.GetRequiredService<MemoryStore>());
        return builder;
    }
}
