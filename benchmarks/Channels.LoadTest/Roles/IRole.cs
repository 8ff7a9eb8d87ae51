using Microsoft.AspNetCore.Builder;

namespace Channels.LoadTest.Roles;

/// <summary>One of the servers that are compared.</summary>
internal interface IRole
{
    /// <summary>Open WebSockets that messages are sent to.</summary>
    int Connections { get; }

    /// <summary>Polls that wait.</summary>
    long ParkedPolls { get; }

    void AddServices(WebApplicationBuilder builder);

    void Map(WebApplication app);

    /// <summary>Publishes as code of the application does.</summary>
    /// <param name="address">Name of the channel.</param>
    /// <param name="sequence">Place in the channel.</param>
    ValueTask PublishAsync(string address, long sequence);
}
