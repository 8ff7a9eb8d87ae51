using Channels;
using Channels.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Chooses SQLite as the storage of channels.</summary>
public static class SqliteStorageBuilderExtensions
{
    /// <summary>Keeps messages, descriptors and data objects in one SQLite file, in place of any storage chosen before.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">Names the file, such as <c>Data Source=channels.db</c>.</param>
    /// <param name="configure">Changes further options.</param>
    /// <returns>The builder.</returns>
    public static IChannelsBuilder UseSqliteStorage(
        this IChannelsBuilder builder,
        string connectionString,
        Action<SqliteStorageOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(connectionString);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SqliteStorageOptions>, SqliteStorageOptionsValidator>());
        services.AddOptions<SqliteStorageOptions>()
            .Configure(options =>
            {
                options.ConnectionString = connectionString;
                configure?.Invoke(options);
            })
            .ValidateOnStart();
        services.TryAddSingleton(provider => new SqliteStore(
            provider.GetRequiredService<IOptions<SqliteStorageOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ILogger<SqliteStore>>()));
        services.RemoveAll<IMessageStore>();
        services.RemoveAll<IChannelStore>();
        services.RemoveAll<IDataObjectStore>();
        services.AddSingleton<IMessageStore>(provider => provider.GetRequiredService<SqliteStore>());
        services.AddSingleton<IChannelStore>(provider => provider.GetRequiredService<SqliteStore>());
        services.AddSingleton<IDataObjectStore>(provider => provider.GetRequiredService<SqliteStore>());
        return builder;
    }
}
