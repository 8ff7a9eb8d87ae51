using Microsoft.Extensions.Configuration;

namespace Channels.Engine;

/// <summary>Remembers, while services are registered, which configuration the options follow already.</summary>
internal sealed class BoundConfiguration(IConfiguration configuration)
{
    private readonly IConfiguration _configuration = configuration;

    public bool IsSameAs(IConfiguration other) =>
        ReferenceEquals(_configuration, other)
        || (_configuration is IConfigurationSection mine && other is IConfigurationSection section && mine.Path == section.Path);
}
