using Channels.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.Tests.Http;

public sealed class MappingTests
{
    private const string Path = $"/v1.1/instances/{Keys.Instance}";

    [Fact]
    public async Task Without_channels_the_missing_call_is_named()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();
        var error = Assert.Throws<InvalidOperationException>(() => app.MapChannelEndpoints());
        Assert.Contains("AddChannels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_settings_stop_the_application_and_are_all_named()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddChannels();
        builder.Services.Configure<ChannelEndpointOptions>(options => options.MaxPublishBytes = 0);
        await using var app = builder.Build();
        var error = Assert.Throws<OptionsValidationException>(() => app.MapChannelEndpoints(options =>
        {
            options.HeartbeatInterval = TimeSpan.Zero;
            options.AllowedOrigins.Add("https://app.example/path");
            options.AllowedOrigins.Add("*");
        }));
        Assert.Equal(4, error.Failures.Count());
        foreach (var name in new[] { "MaxPublishBytes", "HeartbeatInterval", "https://app.example/path", "'*'" })
        {
            Assert.Contains(error.Failures, failure => failure.Contains(name, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Settings_come_from_the_services_and_then_from_the_mapping()
    {
        await using var server = new Server(
            builder => builder.Services.Configure<ChannelEndpointOptions>(options => options.MaxPublishBytes = 10),
            app =>
            {
                app.MapChannelEndpoints();
                app.MapChannelEndpoints(options => options.MaxPublishBytes = 20, "/second");
            });
        await server.InitializeAsync();
        await server.CreateAsync("sizes");
        (await server.PostAsync($"{Path}/channels/sizes/publish/", """{"a":"123"}""")).Expect(413, """{"detail":"Request size limit exceeded (10)."}""");
        (await server.PostAsync($"/second{Path}/channels/sizes/publish/", """{"a":"123"}""")).Expect(201);
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("/realtime", "", "")]
    [InlineData("", "/api", "")]
    [InlineData("/realtime", "/api/x", "/base")]
    [InlineData("/ümläut", "", "/b%20c")]
    public async Task Links_carry_path_base_group_and_prefix(string group, string prefix, string pathBase)
    {
        await using var server = new Server(_ => { }, app =>
        {
            app.UsePathBase(pathBase.Replace("%20", " ", StringComparison.Ordinal));
            app.UseRouting();
            app.MapGroup(group).MapChannelEndpoints(prefix);
        });
        await server.InitializeAsync();
        await server.CreateAsync("links");
        await server.PublishAsync("links", "{}");
        var root = $"{pathBase}{group.Replace("ü", "%C3%BC", StringComparison.Ordinal).Replace("ä", "%C3%A4", StringComparison.Ordinal)}{prefix}{Path}";
        var channel = await server.GetAsync($"{root}/channels/links/?fields=links");
        channel.Expect(200, $$$"""{"links":{"self":"{{{root}}}/channels/links/","poll":"{{{root}}}/channels/links/poll/","publish":"{{{root}}}/channels/links/publish/","history":"{{{root}}}/channels/links/history/"}}""");
        var history = await server.GetAsync($"{root}/channels/links/history/?page_size=1&fields=id");
        Assert.StartsWith($"{root}/channels/links/history/?page_size=1&fields=id&direction=1", history.Expect(200).Json.GetProperty("next").GetString(), StringComparison.Ordinal);
        (await server.GetAsync(history.Json.GetProperty("next").GetString()!)).Expect(200);
    }

    [Fact]
    public async Task Links_carry_the_values_of_a_group_with_parameters()
    {
        await using var server = new Server(_ => { }, app => app.MapGroup("/tenants/{tenant}").MapChannelEndpoints());
        await server.InitializeAsync();
        await server.CreateAsync("links");
        var channel = await server.GetAsync($"/tenants/a%20b{Path}/channels/links?fields=links");
        Assert.Contains($"\"self\":\"/tenants/a%20b{Path}/channels/links/\"", channel.Expect(200).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conventions_reach_every_route_and_polls_have_no_request_timeout()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddChannels();
        await using var app = builder.Build();
        app.MapChannelEndpoints().WithMetadata("marked");
        var endpoints = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().ToList();
        Assert.Equal(34, endpoints.Count);
        Assert.All(endpoints, endpoint => Assert.Equal("marked", endpoint.Metadata.GetMetadata<string>()));
        var lasting = endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<DisableRequestTimeoutAttribute>() is not null);
        Assert.Equal(
            ["/v1.1/instances/{instance}/channels/{channel}/poll/", "/v1.1/instances/{instance}/stream/", "/v1/instances/{instance}/channels/{channel}/poll/", "/v1/instances/{instance}/stream/"],
            lasting.Select(endpoint => endpoint.RoutePattern.RawText).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_failing_store_is_said_once_and_asks_to_come_back()
    {
        await using var server = new Server(builder => builder.Services.AddSingleton<IChannelAuthenticator, FailingAuthenticator>(), app => app.MapChannelEndpoints());
        await server.InitializeAsync();
        var answer = (await server.GetAsync($"{Path}/channels/", "store")).Expect(503, """{"detail":"The storage is unavailable, try again later."}""");
        Assert.Equal("1", answer.Header("Retry-After"));
        Assert.Single(server.Logs.Warnings, text => text.Contains("A store failed", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Logs.Warnings, text => text.Contains("api_key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unexpected_failure_is_logged_once_and_tells_nothing()
    {
        await using var server = new Server(builder => builder.Services.AddSingleton<IChannelAuthenticator, FailingAuthenticator>(), app => app.MapChannelEndpoints());
        await server.InitializeAsync();
        var answer = await server.SendAsync("GET", $"{Path}/channels/?api_key=secret-in-the-query", key: null, headers: ("Origin", "https://page.example"));
        answer.Expect(500, """{"detail":"Internal server error."}""");
        Assert.Equal("*", answer.Header("Access-Control-Allow-Origin"));
        var logged = Assert.Single(server.Logs.Errors);
        Assert.DoesNotContain("secret-in-the-query", logged, StringComparison.Ordinal);
        server.Logs.Clear();
    }

    private sealed class Server(Action<WebApplicationBuilder> add, Action<WebApplication> map) : TestServer
    {
        protected override void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels) => add(builder);

        protected override void Map(WebApplication app) => map(app);
    }

    private sealed class FailingAuthenticator : IChannelAuthenticator
    {
        public ValueTask<AuthenticationResult> AuthenticateAsync(ChannelCredentials credentials, CancellationToken cancellationToken) =>
            throw (credentials.ApiKey == "store" ? new ChannelStoreException("The disk is full.") : new NotImplementedException("Not today."));
    }
}
