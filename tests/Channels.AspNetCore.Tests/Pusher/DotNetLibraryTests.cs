using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Pusher;

/// <summary>
/// The requests of the .NET library <c>PusherServer</c> 5.0, as its source makes them: a relative address with the signature in front and nothing escaped but
/// by <see cref="Uri"/>, names sorted, bodies with every field also where it is <c>null</c>, and answers that must be JSON whatever their status.
/// </summary>
public sealed class DotNetLibraryTests(PusherTestServer server) : IClassFixture<PusherTestServer>
{
    [Fact]
    public async Task Trigger()
    {
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("net-a");
        await client.SubscribeAsync("net-b");

        var answer = await PostAsync("/events", """{"name":"my_event","data":"{\"hello\":\"wörld\"}","channels":["net-a","net-b"],"socket_id":null,"info":null}""");

        answer.Expect(200, "{}");
        Assert.Equal("""{"hello":"wörld"}""", (await client.ReadAsync("my_event")).Text());
        Assert.Equal("net-b", (await client.ReadAsync("my_event")).Channel());
    }

    [Fact]
    public async Task Trigger_that_leaves_its_sender_out_and_asks_for_counts()
    {
        using var sender = await server.ConnectAsync();
        using var other = await server.ConnectAsync();
        await sender.SubscribeAsync("presence-net", "1");
        await other.SubscribeAsync("presence-net", "2");
        await sender.ReadAsync("pusher_internal:member_added");

        var answer = await PostAsync(
            "/events", $$"""{"name":"e","data":"1","channels":["presence-net"],"socket_id":"{{sender.SocketId}}","info":"subscription_count,user_count"}""");

        answer.Expect(200, """{"channels":{"presence-net":{"user_count":2,"subscription_count":2}}}""");
        await other.ReadAsync("e");
        Assert.Empty(await sender.SettleAsync());
    }

    [Fact]
    public async Task Trigger_of_a_batch()
    {
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("net-batch");

        var answer = await PostAsync(
            "/batch_events",
            """{"batch":[{"name":"one","channel":"net-batch","data":"1","socket_id":null,"info":null},{"name":"two","channel":"net-batch","data":"2","socket_id":"1.1","info":null}]}""");

        answer.Expect(200, "{}");
        await client.ReadAsync("one");
        await client.ReadAsync("two");
    }

    [Fact]
    public async Task Fetch_state_for_channels_with_and_without_parameters()
    {
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("presence-net-list", "7");

        Assert.Equal(JsonValueKind.Object, (await GetAsync("/channels")).Expect(200).Json.GetProperty("channels").ValueKind);
        (await GetAsync("/channels", ("info", "user_count"), ("filter_by_prefix", "presence-net-list")))
            .Expect(200, """{"channels":{"presence-net-list":{"user_count":1}}}""");
        (await GetAsync("channels", ("filter_by_prefix", "nobody-"))).Expect(200, """{"channels":{}}""");
        (await GetAsync("/channels", ("info", "user_count"), ("filter_by_prefix", "net"))).Expect(400);
    }

    [Fact]
    public async Task Fetch_state_for_one_channel()
    {
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("presence-net-one", "7");

        (await GetAsync("/channels/presence-net-one", ("info", "user_count,subscription_count")))
            .Expect(200, """{"occupied":true,"user_count":1,"subscription_count":1}""");
        (await GetAsync("/channels/net-nobody")).Expect(200, """{"occupied":false}""");
    }

    [Fact]
    public async Task Fetch_users_of_a_presence_channel()
    {
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("presence-net-users", "7");

        (await GetAsync("/channels/presence-net-users/users")).Expect(200, """{"users":[{"id":"7"}]}""");
        (await GetAsync("/channels/presence-net-empty/users")).Expect(200, """{"users":[]}""");
        (await GetAsync("/channels/net-users/users")).Expect(400);
    }

    [Fact]
    public async Task Terminate_connections()
    {
        using var client = await server.SignInAsync("net-user");

        (await PostAsync("/users/net-user/terminate_connections", "{}")).Expect(200, "{}");

        await client.ReadToCloseAsync();
        Assert.Equal(4009, (int)client.CloseStatus!);
    }

    /// <summary>The library reads every answer to a POST as JSON, and throws away the status when it is none.</summary>
    [Theory]
    [InlineData("""{"name":"","data":"1","channels":["net-a"],"socket_id":null,"info":null}""", Secret, 400)]
    [InlineData("""{"name":"e","data":"1","channels":["not a name"],"socket_id":null,"info":null}""", Secret, 400)]
    [InlineData("""{"name":"e","data":"1","channels":["net-a"],"socket_id":null,"info":null}""", "another secret", 401)]
    public async Task Refusals_are_json(string body, string secret, int status)
    {
        var answer = (await PostAsync("/events", body, secret)).Expect(status);
        Assert.Equal("application/json", answer.Header("Content-Type"));
        Assert.Equal(status, answer.Json.GetProperty("code").GetInt32());
        Assert.NotEmpty(answer.Json.GetProperty("error").GetString()!);
    }

    [Fact]
    public async Task Too_much_data_is_refused_in_json_too()
    {
        var body = JsonSerializer.Serialize(new { name = "e", data = new string('x', 10_241), channels = new[] { "net-a" }, socket_id = (string?)null, info = (string?)null });
        Assert.Equal(413, (await PostAsync("/events", body)).Expect(413).Json.GetProperty("code").GetInt32());
    }

    private const string Secret = PusherTestServer.Secret;

    private Task<Answer> PostAsync(string resource, string body, string secret = Secret) => SendAsync("POST", resource, body, secret);

    private Task<Answer> GetAsync(string resource, params (string Name, string Value)[] parameters) => SendAsync("GET", resource, body: null, Secret, parameters);

    private async Task<Answer> SendAsync(string method, string resource, string? body, string secret, params (string Name, string Value)[] parameters)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.InvariantCulture)
        {
            ["auth_key"] = PusherTestServer.Key,
            ["auth_timestamp"] = server.Time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            ["auth_version"] = "1.0",
        };
        foreach (var (name, value) in parameters)
        {
            sorted.Add(name, value);
        }

        if (body is not null)
        {
#pragma warning disable CA5351 // the protocol's own digest
            sorted.Add("body_md5", Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(body))));
#pragma warning restore CA5351
        }

        var path = $"/apps/{PusherTestServer.AppId}/{resource.TrimStart('/')}";
        var query = string.Join('&', sorted.Select(pair => $"{pair.Key}={pair.Value}"));
        var signature = PusherTestServer.Hmac($"{method}\n{path}\n{query}", secret);
        using var request = new HttpRequestMessage(new(method), new Uri($"{path}?auth_signature={signature}&{query}", UriKind.Relative));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Add("Pusher-Library-Name", "pusher-http-dotnet");
        request.Headers.Add("Pusher-Library-Version", "5.0.0");
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await Answer.OfAsync(await server.Http.SendAsync(request).Within());
    }
}
