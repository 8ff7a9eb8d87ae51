using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine;

internal sealed class ChannelsBuilder(IServiceCollection services) : IChannelsBuilder
{
    public IServiceCollection Services { get; } = services;
}
