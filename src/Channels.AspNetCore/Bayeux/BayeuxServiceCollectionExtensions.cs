using Channels;
using Channels.AspNetCore.Bayeux;
using Channels.AspNetCore.Bayeux.Epicenter;
using Channels.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the Bayeux front end.</summary>
public static class BayeuxServiceCollectionExtensions
{
    /// <summary>
    /// Adds what <c>MapBayeuxEndpoints</c> needs: any channel name can be used through this front end, as far as the authorization of its projects
    /// allows; channels that are stored or declared keep their own permissions.
    /// </summary>
    /// <param name="builder">The builder of the engine.</param>
    /// <param name="configure">Sets options.</param>
    public static IChannelsBuilder AddBayeux(this IChannelsBuilder builder, Action<BayeuxOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptions<BayeuxOptions>().ValidateOnStart();
        if (configure is not null)
        {
            services.Configure(configure);
        }

        if (services.Any(service => service.ServiceType == typeof(BayeuxServices)))
        {
            return builder;
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BayeuxOptions>, BayeuxOptionsValidator>());
        services.TryAddSingleton<IEpicenterDirectory, OptionsEpicenterDirectory>();
        services.TryAddSingleton<EpicenterAccess>();
        services.TryAddSingleton<EpicenterEvents>();
        services.TryAddSingleton<EpicenterPresence>();
        services.TryAddSingleton<IEpicenterEvents>(static provider => provider.GetRequiredService<EpicenterEvents>());
        services.TryAddSingleton(static provider => new SessionMetrics(provider.GetService<System.Diagnostics.Metrics.IMeterFactory>()));
        services.AddSingleton<BayeuxServices>();
        return builder.AddChannel("*", channel => channel
            .OnlyThrough(BayeuxServices.FrontEnd)
            .Allow<EpicenterAccess>(ChannelOperations.All)
            .ClientsMayPublish());
    }
}
