using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Channels;
using Channels.Engine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds channels to an application.</summary>
public static class ChannelsServiceCollectionExtensions
{
    /// <summary>Adds the engine, with messages in memory until a storage is chosen. Calling it again is harmless.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets options; runs after the configuration was bound.</param>
    public static IChannelsBuilder AddChannels(this IServiceCollection services, Action<ChannelsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<ChannelsOptions>().ValidateOnStart();
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ChannelsOptions>, ChannelsOptionsValidator>());
        services.TryAddSingleton<IChannelDirectory, OptionsDirectory>();
        services.TryAddSingleton<IChannelAuthenticator, KeyTableAuthenticator>();
        AddStore(services);
        AddEngine(services);
        AddHosting(services);
        return new ChannelsBuilder(services);
    }

    /// <summary>Adds the engine with options from a section of the configuration, followed when it is reloaded.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">The section, such as <c>Channels</c>.</param>
    /// <param name="configure">Sets options; runs after the configuration was bound.</param>
    public static IChannelsBuilder AddChannels(
        this IServiceCollection services, IConfiguration configuration, Action<ChannelsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        if (!services.Any(service => service.ImplementationInstance is BoundConfiguration bound && bound.IsSameAs(configuration)))
        {
            // Binding a section twice would double its lists.
            services.AddSingleton(new BoundConfiguration(configuration));
            services.Configure<ChannelsOptions>(configuration);
        }

        return services.AddChannels(configure);
    }

    /// <summary>Gives all channel names that match a pattern their facts, and says who may use them.</summary>
    /// <param name="builder">The builder of the engine.</param>
    /// <param name="pattern">
    /// A name, with <c>{placeholder}</c> for one or more characters except <c>: / . * { }</c>, and <c>*</c> at the end for the rest. The more
    /// specific pattern wins; two that could tie stop the host at start.
    /// </param>
    /// <param name="configure">Describes the channels; without it only the host and administrators may use them.</param>
    /// <exception cref="FormatException">The pattern is malformed.</exception>
    public static IChannelsBuilder AddChannel(this IChannelsBuilder builder, string pattern, Action<ChannelTemplateBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var template = new ChannelTemplateBuilder(builder.Services, pattern);
        configure?.Invoke(template);
        builder.Services.AddSingleton(template.Build());
        return builder;
    }

    /// <summary>Replaces how callers are found out.</summary>
    /// <typeparam name="TAuthenticator">The authenticator, a singleton.</typeparam>
    /// <param name="builder">The builder of the engine.</param>
    public static IChannelsBuilder UseAuthenticator<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TAuthenticator>(
        this IChannelsBuilder builder)
        where TAuthenticator : class, IChannelAuthenticator
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.RemoveAll<IChannelAuthenticator>();
        builder.Services.AddSingleton<IChannelAuthenticator, TAuthenticator>();
        return builder;
    }

    /// <summary>Replaces how instances and groups are known.</summary>
    /// <typeparam name="TDirectory">The directory, a singleton.</typeparam>
    /// <param name="builder">The builder of the engine.</param>
    public static IChannelsBuilder UseDirectory<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TDirectory>(
        this IChannelsBuilder builder)
        where TDirectory : class, IChannelDirectory
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.RemoveAll<IChannelDirectory>();
        builder.Services.AddSingleton<IChannelDirectory, TDirectory>();
        return builder;
    }

    private static void AddStore(IServiceCollection services)
    {
        if (!services.Any(service => service.ServiceType == typeof(IMessageStore)))
        {
            new ChannelsBuilder(services).UseMemoryStorage();
        }
    }

    private static void AddEngine(IServiceCollection services)
    {
        services.TryAddSingleton(provider => new ChannelsMetrics(provider.GetService<IMeterFactory>()));
        services.TryAddSingleton<EngineSettings>();
        services.TryAddSingleton<IChannelLimiter>(provider => new ChannelLimiter(
            provider.GetRequiredService<EngineSettings>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ChannelsMetrics>()));
        services.TryAddSingleton(MakeContext);
        services.TryAddSingleton(provider => new TemplateSet(provider.GetServices<ChannelTemplate>()));
        services.TryAddSingleton<ChannelsEngine>();
        services.TryAddSingleton<WithdrawnIds>();
        services.TryAddSingleton<KeyRevocation>();
        services.TryAddSingleton<IChannelConnections>(provider => new ConnectionControl(Engine(provider)));
        services.TryAddSingleton<IChannelLoad>(provider => Engine(provider).Load);
        services.TryAddSingleton<IChannelStatistics>(provider => new ChannelStatistics(Engine(provider)));
        services.TryAddSingleton<IChannelEvents>(provider => provider.GetRequiredService<EngineContext>().Events);
        services.TryAddSingleton<IChannels>(provider => new ChannelsView(
            Engine(provider), provider.GetRequiredService<EngineContext>(), ChannelCaller.Host, ChannelAddress.DefaultInstance));
        services.TryAddSingleton(provider => new ChannelsMaintenance(Engine(provider), provider.GetRequiredService<EngineContext>()));
    }

    private static void AddHosting(IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ChannelsHostedService>());
        services.AddHealthChecks();
        services.TryAddSingleton<ChannelsHealthCheck>();
        services.Configure<HealthCheckServiceOptions>(options =>
        {
            if (!options.Registrations.Any(check => check.Name == ChannelsDiagnostics.HealthCheckName))
            {
                options.Registrations.Add(new(
                    ChannelsDiagnostics.HealthCheckName, provider => provider.GetRequiredService<ChannelsHealthCheck>(), failureStatus: null, tags: ["ready"]));
            }
        });
    }

    /// <summary>Logging is the host's choice; the engine works without.</summary>
    private static EngineContext MakeContext(IServiceProvider provider)
    {
        var metrics = provider.GetRequiredService<ChannelsMetrics>();
        var time = provider.GetRequiredService<TimeProvider>();
        var loggers = provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        return new(
            provider.GetRequiredService<IMessageStore>(),
            provider.GetRequiredService<IChannelStore>(),
            provider.GetService<IDataObjectStore>(),
            provider.GetRequiredService<EngineSettings>(),
            new(provider, provider.GetRequiredService<WithdrawnIds>(), time, metrics, loggers.CreateLogger<AccessPolicy>()),
            metrics,
            time,
            loggers)
        {
            Limiter = provider.GetRequiredService<IChannelLimiter>(),
            SharedPresence = provider.GetService<IPresenceStore>() is { } shared
                ? new(shared, provider.GetRequiredService<EngineSettings>(), time, metrics, loggers.CreateLogger<SharedPresence>())
                : null,
        };
    }

    /// <summary>The engine together with what listens for it.</summary>
    private static ChannelsEngine Engine(IServiceProvider provider)
    {
        _ = provider.GetRequiredService<KeyRevocation>();
        return provider.GetRequiredService<ChannelsEngine>();
    }
}
