using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Channels.AspNetCore.Pusher;
using Channels.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.AspNetCore.Tests.Pusher;

/// <summary>A server with a few apps: the documentation's own, with everything switched on, and others with what the tests need.</summary>
public class PusherTestServer : TestServer
{
    public const string AppId = "3";
    public const string Key = "278d425bdf160c739803";
    public const string Secret = "7ad3773142a6692b25b8";
    public const string PlainKey = "plain-key";
    public const string DisabledKey = "disabled-key";
    public const string TlsKey = "tls-key";
    public const string SmallKey = "small-key";
    public const string GuardedKey = "guarded-key";

    public static byte[] MasterKey { get; } = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    public static PusherAuthorizer Authorizer { get; } = new(Key, Secret, MasterKey);

    /// <summary>Changes the settings before the server starts.</summary>
    public Action<PusherOptions>? Configure { get; init; }

    /// <summary>Connects a client and reads its welcome.</summary>
    public async Task<PusherTestClient> ConnectAsync(string key = Key, string query = "protocol=7&client=js&version=8.6.0&flash=false", string prefix = "")
    {
        var client = await OpenAsync($"{prefix}/app/{key}?{query}");
        await client.WelcomeAsync();
        return client;
    }

    /// <summary>Connects a client that may be refused.</summary>
    public async Task<PusherTestClient> OpenAsync(string path)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(new Uri(BaseAddress, path)) { Scheme = "ws" }.Uri, CancellationToken.None).Within();
        return new(socket);
    }

    /// <summary>Connects a client that is signed in.</summary>
    public async Task<PusherTestClient> SignInAsync(string userId, params string[] watchlist)
    {
        var client = await ConnectAsync();
        await client.SignInAsync(userId, watchlist);
        return client;
    }

    /// <summary>Sends a signed request, as the server libraries do.</summary>
    public async Task<Answer> CallAsync(string method, string path, string? json = null, string query = "", string appId = AppId, string key = Key, string secret = Secret)
    {
        var full = $"/apps/{appId}/{path}";
        using var request = new HttpRequestMessage(new(method), $"{full}?{Sign(method, full, json, query, key, secret)}");
        request.Content = json is null ? null : JsonBody(json);
        return await Answer.OfAsync(await Http.SendAsync(request).Within());
    }

    public async Task<Answer> TriggerAsync(string channel, string name, string data, string? socketId = null)
    {
        var body = new System.Text.Json.Nodes.JsonObject { ["name"] = name, ["channels"] = new System.Text.Json.Nodes.JsonArray(channel), ["data"] = data };
        if (socketId is not null)
        {
            body["socket_id"] = socketId;
        }

        return (await CallAsync("POST", "events", body.ToJsonString())).Expect(200);
    }

    /// <summary>Makes the query of a signed request.</summary>
    public string Sign(string method, string path, string? body, string query = "", string key = Key, string secret = Secret, DateTimeOffset? at = null)
    {
        var timestamp = (at ?? Time.GetUtcNow()).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var parameters = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["auth_key"] = key,
            ["auth_timestamp"] = timestamp,
            ["auth_version"] = "1.0",
        };
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            parameters[pair.Split('=')[0]] = pair.Split('=')[1];
        }

        if (body is { Length: > 0 })
        {
#pragma warning disable CA5351
            parameters["body_md5"] = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(body)));
#pragma warning restore CA5351
        }

        var signed = string.Join('&', parameters.Select(pair => $"{pair.Key}={pair.Value}"));
        var escaped = string.Join('&', parameters.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
        return $"{escaped}&auth_signature={Hmac($"{method}\n{path}\n{signed}", secret)}";
    }

    public static string Hmac(string text, string secret) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));

    protected override void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels) => channels.AddPusher(options =>
    {
        options.Apps.Add(new()
        {
            Id = AppId,
            Key = Key,
            Secret = Secret,
            Instance = Keys.Instance,
            ClientEvents = true,
            SubscriptionCounting = false,
            Watchlist = true,
        });
        options.Apps.Add(new() { Id = "plain", Key = PlainKey, Secret = Secret, Instance = Keys.OtherInstance });
        options.Apps.Add(new() { Id = "disabled", Key = DisabledKey, Secret = Secret, Disabled = true });
        options.Apps.Add(new() { Id = "tls", Key = TlsKey, Secret = Secret, TlsOnly = true });
        options.Apps.Add(new() { Id = "small", Key = SmallKey, Secret = Secret, Instance = Keys.OtherInstance, MaxConnections = 2 });
        options.Apps.Add(new()
        {
            Id = "guarded",
            Key = GuardedKey,
            Secret = Secret,
            Instance = Keys.OtherInstance,
            RequiresAuthorization = true,
        });
        Configure?.Invoke(options);
    });

    protected override void Map(WebApplication app)
    {
        app.MapChannelEndpoints();
        app.MapPusherEndpoints();
        app.MapPusherEndpoints("/hub");
    }
}
