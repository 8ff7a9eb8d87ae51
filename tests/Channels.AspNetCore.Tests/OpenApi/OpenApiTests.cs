using System.Text.Json;
using System.Text.Json.Nodes;
using Channels.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.AspNetCore.Tests.OpenApi;

/// <summary>The description in an application's OpenAPI document, beside what is really mapped.</summary>
public sealed class OpenApiTests
{
    private const string Version = "/v1.1/instances/{instance}/";

    [Fact]
    public async Task Every_route_and_method_is_described_and_nothing_else()
    {
        await using var server = await StartAsync("", "/realtime");
        var document = await ReadAsync(server);
        var described = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (path, item) in document["paths"]!.AsObject())
        {
            foreach (var (name, _) in item!.AsObject().Where(member => member.Key != "parameters"))
            {
                described.Add($"{name.ToUpperInvariant()} {path}");
            }
        }

        var served = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var pattern in PatternsOf(server).Where(pattern => pattern.Contains(Version, StringComparison.Ordinal)))
        {
            var options = await server.SendAsync("OPTIONS", pattern.Replace("{instance}", Keys.Instance, StringComparison.Ordinal), key: null);
            served.UnionWith(options.Header("Allow")!.Split(", ").Where(method => method is not ("HEAD" or "OPTIONS")).Select(method => $"{method} {pattern}"));
        }

        Assert.NotEmpty(served);
        Assert.Equal(served, described);
    }

    [Fact]
    public async Task Every_reference_leads_somewhere_and_operation_ids_are_unique()
    {
        await using var server = await StartAsync("", "/realtime");
        var document = await ReadAsync(server);
        var references = new List<string>();
        var operations = new List<string>();
        Walk(document, references, operations);
        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.NotNull(Find(document, reference)));
        Assert.NotEmpty(operations);
        Assert.Distinct(operations);
    }

    [Fact]
    public async Task An_application_without_channels_gets_a_document_without_them()
    {
        await using var server = await StartAsync();
        var document = await ReadAsync(server);
        Assert.Empty(document["paths"]!.AsObject());
    }

    private static async Task<Server> StartAsync(params string[] prefixes)
    {
        var server = new Server(prefixes);
        await server.InitializeAsync();
        return server;
    }

    private static async Task<JsonObject> ReadAsync(Server server)
    {
        var answer = await server.SendAsync("GET", "/openapi/v1.json", key: null);
        Assert.Equal(200, answer.Status);
        return JsonSerializer.Deserialize<JsonObject>(answer.Body)!;
    }

    private static IEnumerable<string> PatternsOf(Server server) =>
        server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/')).Distinct(StringComparer.Ordinal);

    private static void Walk(JsonNode? node, List<string> references, List<string> operations)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    if (name == "$ref")
                    {
                        references.Add(value!.GetValue<string>());
                    }
                    else if (name == "operationId")
                    {
                        operations.Add(value!.GetValue<string>());
                    }

                    Walk(value, references, operations);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Walk(item, references, operations);
                }

                break;
        }
    }

    private static JsonNode? Find(JsonNode document, string reference)
    {
        Assert.StartsWith("#/", reference, StringComparison.Ordinal);
        return reference[2..].Split('/').Aggregate((JsonNode?)document, static (node, name) => node?[name]);
    }

    private sealed class Server(string[] prefixes) : TestServer
    {
        protected override void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels)
        {
            builder.Services.AddRouting();
            builder.Services.AddOpenApi(static options => options.AddChannels().AddChannels());
        }

        protected override void Map(WebApplication app)
        {
            app.MapOpenApi();
            foreach (var prefix in prefixes)
            {
                app.MapChannelEndpoints(prefix);
            }
        }
    }
}
