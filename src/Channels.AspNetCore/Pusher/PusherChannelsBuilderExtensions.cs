using System.Diagnostics.Metrics;
using Channels;
using Channels.AspNetCore.Pusher;
using Channels.AspNetCore.Pusher.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the Pusher Channels front end.</summary>
public static class PusherChannelsBuilderExtensions
{
    private static readonly TimeSpan CacheLifetime = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Adds the front end, and the channels that its clients use without declaring them: public ones for everybody who comes through it, private and
    /// presence ones by signature. A channel that the application declares by a more specific pattern, or stores, is what it says instead.
    /// </summary>
    /// <param name="builder">The builder of the engine.</param>
    /// <param name="configure">Sets options; runs after the configuration was bound.</param>
    public static IChannelsBuilder AddPusher(this IChannelsBuilder builder, Action<PusherOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptions<PusherOptions>().ValidateOnStart();
        if (configure is not null)
        {
            services.Configure(configure);
        }

        if (services.Any(service => service.ServiceType == typeof(PusherServices)))
        {
            return builder;
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PusherOptions>, PusherOptionsValidator>());
        services.AddSingleton<PusherApps>();
        services.AddSingleton<PusherLimits>();
        services.AddSingleton<IPostConfigureOptions<ChannelsOptions>>(provider => provider.GetRequiredService<PusherLimits>());
        services.AddSingleton<IOptionsChangeTokenSource<ChannelsOptions>>(provider => provider.GetRequiredService<PusherLimits>());
        services.AddSingleton<PusherServices>();
        services.AddSingleton(provider => new PusherMetrics(provider.GetService<IMeterFactory>()));
        services.AddSingleton<PusherWebhooks>();
        services.AddHostedService(provider => provider.GetRequiredService<PusherWebhooks>());
        AddWebhookClient(services);
        AddChannels(builder);
        return builder;
    }

    /// <summary>Adds the front end with options from a section of the configuration; apps are followed when it is reloaded.</summary>
    /// <param name="builder">The builder of the engine.</param>
    /// <param name="configuration">The section, such as <c>Pusher</c>.</param>
    /// <param name="configure">Sets options; runs after the configuration was bound.</param>
    public static IChannelsBuilder AddPusher(this IChannelsBuilder builder, IConfiguration configuration, Action<PusherOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configuration);
        builder.Services.Configure<PusherOptions>(configuration);
        return builder.AddPusher(configure);
    }

    /// <summary>Follows no redirect, and reaches public addresses only unless the options say otherwise.</summary>
    private static void AddWebhookClient(IServiceCollection services) => services
        .AddHttpClient(PusherWebhookDeliveryOptions.HttpClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
        .ConfigurePrimaryHttpMessageHandler(provider => new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectCallback = provider.GetRequiredService<IOptions<PusherOptions>>().Value.Webhooks.AllowPrivateNetworks
                ? null
                : PrivateNetworks.ConnectPublicAsync,
        });

    /// <summary>Only the last event of a cache channel is kept, for as long as the original keeps it.</summary>
    private static void AddChannels(IChannelsBuilder builder) => builder
        .AddChannel("*", c => c.OnlyThrough(PusherApp.FrontEnd).Others(ChannelPermission.Subscribe).ClientsMayPublish())
        .AddChannel("cache-*", c => c.OnlyThrough(PusherApp.FrontEnd).Others(ChannelPermission.Subscribe).ClientsMayPublish().Retain(CacheLifetime, 1))
        .AddChannel("private-*", c => c.NeedsGrant().ClientsMayPublish())
        .AddChannel("private-cache-*", c => c.NeedsGrant().ClientsMayPublish().Retain(CacheLifetime, 1))
        .AddChannel("private-encrypted-cache-*", c => c.NeedsGrant().ClientsMayPublish().Retain(CacheLifetime, 1))
        .AddChannel("presence-*", c => c.NeedsGrant().ClientsMayPublish())
        .AddChannel("presence-cache-*", c => c.NeedsGrant().ClientsMayPublish().Retain(CacheLifetime, 1))
        .AddChannel($"{PusherChannel.UserPrefix}*", c => c.NeedsGrant().ClientsMayPublish());
}
