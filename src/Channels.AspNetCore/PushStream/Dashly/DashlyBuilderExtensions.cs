using Channels;
using Channels.AspNetCore.PushStream.Dashly;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the channels of Dashly.</summary>
public static class DashlyBuilderExtensions
{
    /// <summary>
    /// Adds every channel of the Dashly Realtime Services API. The application publishes to them, administrators and trusted API keys may; users
    /// read what their token is good for. Calling it again only changes settings.
    /// </summary>
    /// <param name="builder">The builder of the engine.</param>
    /// <param name="configure">Changes the settings.</param>
    public static IChannelsBuilder AddDashly(this IChannelsBuilder builder, Action<DashlyOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.Services.AddOptions<DashlyOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        if (builder.Services.Any(service => service.ServiceType == typeof(DashlyAccess)))
        {
            return builder;
        }

        builder.AddPushStream();
        builder.Services.AddSingleton<DashlyAccess>();
        builder.Services.AddHostedService<DashlyPing>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DashlyOptions>, DashlyOptionsValidator>());
        foreach (var pattern in DashlyFamilies.Patterns)
        {
            builder.AddChannel(pattern, channel => channel.Allow(ChannelOperations.Read, MayRead).ClientsMayPublish());
        }

        return builder.AddChannel(DashlyFamilies.Ping, channel => channel.Allow(ChannelOperations.Read, MayRead).ClientsMayPublish().Transient());
    }

    private static bool MayRead(IServiceProvider services, ChannelRuleContext context) =>
        services.GetRequiredService<DashlyAccess>().MayRead(context);
}
