using Channels;
using Channels.AspNetCore.SocketIo;
using Channels.AspNetCore.SocketIo.Speakap;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the Socket.IO front end.</summary>
public static class SocketIoBuilderExtensions
{
    /// <summary>
    /// Adds the channel families of Speakap, and settings of <c>MapSocketIoEndpoints</c>. Calling it again only changes settings.
    /// </summary>
    /// <param name="builder">The builder of the engine.</param>
    /// <param name="configure">Changes the settings.</param>
    public static IChannelsBuilder AddSocketIo(this IChannelsBuilder builder, Action<SocketIoOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptions<SocketIoOptions>().ValidateOnStart();
        if (configure is not null)
        {
            services.Configure(configure);
        }

        if (services.Any(service => service.ServiceType == typeof(SocketIoMarker)))
        {
            return builder;
        }

        services.AddSingleton<SocketIoMarker>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SocketIoOptions>, SocketIoOptionsValidator>());
        services.AddHostedService<SpeakapLoadSignal>();
        foreach (var pattern in SpeakapFamilies.Patterns)
        {
            // Users read by rules and publish nothing; the application's servers publish, in process or with a key of theirs.
            builder.AddChannel(pattern, channel => channel
                .Description("Speakap notifications")
                .Allow<SpeakapRule>(ChannelOperations.Read)
                .ClientsMayPublish());
        }

        return builder;
    }
}
