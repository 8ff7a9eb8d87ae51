using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Channels.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Channels.AspNetCore.Tests.Pusher;

/// <summary>Takes webhooks as an application does.</summary>
public sealed class WebhookReceiver : IAsyncLifetime
{
    private readonly ConcurrentQueue<WebhookRequest> _requests = new();
    private WebApplication? _app;

    /// <summary>What it answers, by the number of requests until then.</summary>
    public Func<int, Task<int>> Answer { get; set; } = _ => Task.FromResult(200);

    public IReadOnlyCollection<WebhookRequest> Requests => _requests;

    /// <summary>What it was told, oldest first.</summary>
    public List<string> Events =>
        [.. _requests.SelectMany(request => JsonDocument.Parse(request.Body).RootElement.GetProperty("events").EnumerateArray().Select(one => one.GetRawText()))];

    /// <summary>The channels of what it was told, oldest first.</summary>
    public List<string> Channels => [.. Events.Select(one => JsonDocument.Parse(one).RootElement.GetProperty("channel").GetString()!)];

    public string Url(string path = "/hook") => $"{_app!.Urls.Single()}{path}";

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/{path}", async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var headers = http.Request.Headers;
            _requests.Enqueue(new(http.Request.Path, await reader.ReadToEndAsync(), headers.ContentType, headers["X-Pusher-Key"], headers["X-Pusher-Signature"]));
            http.Response.StatusCode = await Answer(_requests.Count);
        });
        await _app.StartAsync().Within();
    }

    public Task WaitAsync(int events) => ChannelsTestHost.EventuallyAsync(() => Events.Count >= events);

    public ValueTask DisposeAsync() => _app!.DisposeAsync();
}

/// <param name="Path">Where it came.</param>
/// <param name="Body">What it said.</param>
/// <param name="Type">Its content type.</param>
/// <param name="Key">Whose it is.</param>
/// <param name="Signature">Its signature.</param>
public sealed record WebhookRequest(string Path, string Body, string? Type, string? Key, string? Signature)
{
    /// <summary>Whether an app signed it.</summary>
    public bool IsSignedBy(AspNetCore.Pusher.PusherAuthorizer authorizer) => authorizer.IsWebhook(Key, Signature, Encoding.UTF8.GetBytes(Body));
}
