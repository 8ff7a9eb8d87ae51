using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace Channels.AspNetCore.OpenApi;

/// <summary>Adds the description of the surface to a document, for each prefix below which it is mapped. The routes are plain request delegates, which describe themselves no other way.</summary>
internal sealed class ChannelsDocumentTransformer(EndpointDataSource endpoints) : IOpenApiDocumentTransformer
{
    private const string Root = "v1.1/instances/{instance}";

    // Every mapping has it, and no other route ends like it.
    private const string Probe = Root + "/connect-tickets/";

    public async Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var (index, prefix) in FindPrefixes().Index())
        {
            // Read anew for each: what is put into a document belongs to it.
            var surface = await ReadAsync(cancellationToken);
            foreach (var (path, item) in surface.Paths)
            {
                AddPath(document.Paths ??= [], $"{prefix}{Root}{path}", item, index == 0 ? "" : $"{index + 1}");
            }

            AddComponents(document.Components ??= new(), surface.Components!);
        }
    }

    private static void AddPath(OpenApiPaths paths, string path, IOpenApiPathItem item, string suffix)
    {
        foreach (var operation in item.Operations!.Values)
        {
            // An operation's id is unique in its document.
            operation.OperationId += suffix;
        }

        paths.TryAdd(path, item);
    }

    private static async Task<OpenApiDocument> ReadAsync(CancellationToken cancellationToken)
    {
        await using var stream = typeof(ChannelsDocumentTransformer).Assembly.GetManifestResourceStream("channels.openapi.json")!;
        var (surface, _) = await OpenApiDocument.LoadAsync(stream, OpenApiConstants.Json, cancellationToken: cancellationToken);
        return surface!;
    }

    private static void AddComponents(OpenApiComponents components, OpenApiComponents added)
    {
        components.Schemas = Join(components.Schemas, added.Schemas!);
        components.Parameters = Join(components.Parameters, added.Parameters!);
        components.Responses = Join(components.Responses, added.Responses!);
        components.SecuritySchemes = Join(components.SecuritySchemes, added.SecuritySchemes!);
    }

    private static IDictionary<string, T> Join<T>(IDictionary<string, T>? known, IDictionary<string, T> added)
    {
        known ??= new Dictionary<string, T>();
        foreach (var (name, component) in added)
        {
            known.TryAdd(name, component);
        }

        return known;
    }

    /// <summary>What stands before the root in the mapped routes, from the first slash to the last.</summary>
    private IEnumerable<string> FindPrefixes() =>
        from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
        let pattern = "/" + endpoint.RoutePattern.RawText?.TrimStart('/')
        where pattern.EndsWith("/" + Probe, StringComparison.Ordinal)
        select pattern[..^Probe.Length];
}
