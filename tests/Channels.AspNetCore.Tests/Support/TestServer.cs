using System.Globalization;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using Channels.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Channels.AspNetCore.Tests.Support;

/// <summary>A real Kestrel server on a free port of 127.0.0.1, with messages in memory and a manual clock. Fails on an unexpected error log.</summary>
public class TestServer : IAsyncLifetime
{
    public const string Root = $"/v1.1/instances/{Keys.Instance}";

    private WebApplication? _app;
    private HttpClient? _http;

    public ManualTimeProvider Time { get; } = new();

    public LogCollector Logs { get; } = new();

    public HttpClient Http => _http!;

    public Uri BaseAddress { get; private set; } = new("http://127.0.0.1");

    public IServiceProvider Services => _app!.Services;

    /// <summary>What the clock shows, as answers spell it.</summary>
    public string Now => Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public IChannelConnections Connections => Services.GetRequiredService<IChannelConnections>();

    public Task SweepAsync() => Services.GetRequiredService<ChannelsMaintenance>().SweepAsync().AsTask().Within();

    public Task DrainAsync() => Services.GetRequiredService<ChannelsMaintenance>().DrainAsync();

    /// <summary>The engine, acting as the application.</summary>
    public IChannels Channels => Services.GetRequiredService<IChannels>().In(Keys.Instance);

    public WebApplication App => _app!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(Logs);
        builder.Services.AddSingleton<TimeProvider>(Time);
        AddServices(builder, builder.Services.AddChannels(ConfigureEngine));
        _app = builder.Build();
        Map(_app);
        await _app.StartAsync().Within();
        BaseAddress = new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = BaseAddress, Timeout = TimeSpan.FromSeconds(60) };
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync(new CancellationToken(canceled: true)).Within();
            await _app.DisposeAsync();
        }

        Assert.Empty(Logs.Errors);
        GC.SuppressFinalize(this);
    }

    /// <summary>Sends a request below the instance and reads the answer to its end.</summary>
    /// <param name="method">Method.</param>
    /// <param name="path">Path behind the instance, with query; or a whole path that starts with a slash.</param>
    /// <param name="key">API key.</param>
    /// <param name="user">User key.</param>
    /// <param name="json">JSON body.</param>
    /// <param name="content">Any other body.</param>
    /// <param name="headers">Further headers.</param>
    public async Task<Answer> SendAsync(
        string method,
        string path,
        string? key = Keys.Admin,
        string? user = null,
        string? json = null,
        HttpContent? content = null,
        params (string Name, string Value)[] headers)
    {
        using var request = Request(method, path, key, user, headers);
        request.Content = json is null ? content : JsonBody(json);
        return await Answer.OfAsync(await Http.SendAsync(request).Within(TimeSpan.FromSeconds(30)));
    }

    public Task<Answer> GetAsync(string path, string? key = Keys.Admin, string? user = null) => SendAsync("GET", path, key, user);

    public Task<Answer> PostAsync(string path, string json, string? key = Keys.Admin, string? user = null) =>
        SendAsync("POST", path, key, user, json);

    public HttpRequestMessage Request(string method, string path, string? key, string? user, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), PathOf(path));
        if (key is not null)
        {
            request.Headers.Add("X-API-KEY", key);
        }

        if (user is not null)
        {
            request.Headers.Add("X-USER-KEY", user);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    public static string PathOf(string path) => path.StartsWith('/') ? path : $"{Root}/{path}";

    public static ByteArrayContent JsonBody(string json) => Body(json, "application/json");

    public static ByteArrayContent Body(string text, string contentType) => Body(Encoding.UTF8.GetBytes(text), contentType);

    public static ByteArrayContent Body(byte[] bytes, string? contentType)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        return content;
    }

    /// <summary>Creates a channel as the application.</summary>
    public async Task<string> CreateAsync(
        string name,
        ChannelPermission others = ChannelPermission.None,
        ChannelType type = ChannelType.Default,
        bool publish = true,
        string? group = null,
        ChannelPermission members = ChannelPermission.None)
    {
        var result = await Channels.Catalog.CreateAsync(new()
        {
            Name = name,
            Type = type,
            OtherPermission = others,
            ClientsMayPublish = publish,
            Group = group,
            GroupPermission = members,
        });
        Assert.Equal(CatalogStatus.Done, result.Status);
        return name;
    }

    /// <summary>Publishes as the application.</summary>
    public async Task<ChannelMessage> PublishAsync(string channel, string payload, string? room = null) =>
        await Channels.PublishAsync(new(channel, room), new MessageDraft(payload)).Within();

    /// <summary>Opens a WebSocket below the instance.</summary>
    public async Task<ClientWebSocket> ConnectAsync(string path, params (string Name, string Value)[] headers)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        foreach (var (name, value) in headers)
        {
            socket.Options.SetRequestHeader(name, value);
        }

        var address = new UriBuilder(new Uri(BaseAddress, PathOf(path))) { Scheme = "ws" }.Uri;
        await socket.ConnectAsync(address, CancellationToken.None).Within();
        return socket;
    }

    /// <summary>Opens an event stream below the instance.</summary>
    public async Task<EventReader> ListenAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = Request("GET", path, key: null, user: null, [.. headers, ("Accept", "text/event-stream")]);
        return await EventReader.OpenAsync(await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Within());
    }

    /// <summary>Moves the clock until something has happened.</summary>
    public Task AdvanceUntilAsync(Func<bool> condition, TimeSpan? step = null) => ChannelsTestHost.EventuallyAsync(() =>
    {
        if (!condition())
        {
            Time.Advance(step ?? TimeSpan.FromSeconds(10));
        }

        return condition();
    });

    protected virtual void ConfigureEngine(ChannelsOptions options) => Keys.Add(options);

    protected virtual void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels)
    {
    }

    protected virtual void Map(WebApplication app) => app.MapChannelEndpoints();
}
