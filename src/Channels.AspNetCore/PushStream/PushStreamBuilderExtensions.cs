using Channels;
using Channels.AspNetCore.PushStream;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the push stream front end.</summary>
public static class PushStreamBuilderExtensions
{
    /// <summary>Adds what the push stream front end needs; <c>MapPushStreamEndpoints</c> serves it. Calling it again is harmless.</summary>
    /// <param name="builder">The builder of the engine.</param>
    /// <param name="configure">Changes the settings that every mapping starts from.</param>
    public static IChannelsBuilder AddPushStream(this IChannelsBuilder builder, Action<PushStreamOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PushStreamOptions>, PushStreamOptionsValidator>());
        var options = builder.Services.AddOptions<PushStreamOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        return builder;
    }
}
