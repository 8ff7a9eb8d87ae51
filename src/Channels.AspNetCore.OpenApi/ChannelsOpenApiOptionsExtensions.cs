using Channels.AspNetCore.OpenApi;

namespace Microsoft.AspNetCore.OpenApi;

/// <summary>Describes channels in OpenAPI documents.</summary>
public static class ChannelsOpenApiOptionsExtensions
{
    /// <summary>
    /// Adds what <c>MapChannelEndpoints</c> serves to the document, below each prefix that it was mapped with; calling it twice is harmless.
    /// For version 1.1 of the surface; version 1 is the same.
    /// </summary>
    /// <param name="options">Options of <c>AddOpenApi</c>.</param>
    public static OpenApiOptions AddChannels(this OpenApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.AddDocumentTransformer<ChannelsDocumentTransformer>();
    }
}
