using Microsoft.Extensions.DependencyInjection;

namespace Channels;

/// <summary>Configures channels on a service collection; returned by <c>AddChannels</c>.</summary>
public interface IChannelsBuilder
{
    /// <summary>The services being configured.</summary>
    IServiceCollection Services { get; }
}
