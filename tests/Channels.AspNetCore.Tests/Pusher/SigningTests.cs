using System.Globalization;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Pusher;

public sealed class SigningTests(PusherTestServer server) : IClassFixture<PusherTestServer>
{
    private const string Body = """{"name":"foo","channels":["project-3"],"data":"{\"some\":\"data\"}"}""";

    /// <summary>The documentation's own request, with its digest and signature.</summary>
    [Fact]
    public async Task The_documented_request_is_accepted_at_its_time()
    {
        await using var past = new PusherTestServer();
        await past.InitializeAsync();
        var then = DateTimeOffset.FromUnixTimeSeconds(1353088179);
        Assert.Equal(
            "auth_key=278d425bdf160c739803&auth_timestamp=1353088179&auth_version=1.0&body_md5=ec365a775a4cd0599faeb73354201b6f&auth_signature=da454824c97ba181a32ccc17a72625ba02771f50b50e1e7430e47a1f3f457e6c",
            past.Sign("POST", "/apps/3/events", Body, at: then));
    }

    [Theory]
    [InlineData("unknown-app", 404, "Unknown app_id")]
    [InlineData("no-key", 401, "Unknown auth_key")]
    [InlineData("other-key", 401, "Unknown auth_key")]
    [InlineData("no-version", 401, "Version required")]
    [InlineData("other-version", 401, "Version not supported")]
    [InlineData("no-time", 401, "Timestamp required")]
    [InlineData("bad-time", 401, "Timestamp required")]
    [InlineData("old", 401, "Timestamp expired: Given timestamp (")]
    [InlineData("new", 401, "Timestamp expired: Given timestamp (")]
    [InlineData("no-digest", 401, "Invalid body_md5")]
    [InlineData("other-body", 401, "Invalid body_md5")]
    [InlineData("no-signature", 401, "Invalid signature: you should have sent HmacSHA256Hex(\"POST\\n/apps/3/events\\nauth_key=")]
    [InlineData("other-signature", 401, "Invalid signature")]
    [InlineData("other-secret", 401, "Invalid signature")]
    [InlineData("other-method", 401, "Invalid signature")]
    [InlineData("extra-parameter", 401, "Invalid signature")]
    [InlineData("disabled", 403, "Application disabled")]
    public async Task Whatever_is_wrong_is_said_and_nothing_is_published(string kind, int status, string text)
    {
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("project-3");
        var now = server.Time.GetUtcNow();
        var path = kind switch { "unknown-app" => "/apps/none/events", "disabled" => "/apps/disabled/events", _ => "/apps/3/events" };
        var query = kind switch
        {
            "other-key" => server.Sign("POST", path, Body, key: PusherTestServer.PlainKey),
            "disabled" => server.Sign("POST", path, Body, key: PusherTestServer.DisabledKey),
            "other-secret" => server.Sign("POST", path, Body, secret: "no-such-secret"),
            "other-method" => server.Sign("GET", path, Body),
            "old" => server.Sign("POST", path, Body, at: now.AddSeconds(-600)),
            "new" => server.Sign("POST", path, Body, at: now.AddSeconds(600)),
            "no-digest" => server.Sign("POST", path, null),
            "other-body" => server.Sign("POST", path, Body + " "),
            _ => server.Sign("POST", path, Body),
        };
        query = kind switch
        {
            "no-key" => Without(query, "auth_key"),
            "no-version" => Without(query, "auth_version"),
            "other-version" => query.Replace("auth_version=1.0", "auth_version=1.1", StringComparison.Ordinal),
            "no-time" => Without(query, "auth_timestamp"),
            "bad-time" => query.Replace("auth_timestamp=", "auth_timestamp=x", StringComparison.Ordinal),
            "no-signature" => Without(query, "auth_signature"),
            "other-signature" => query[..^1] + (query[^1] == '0' ? '1' : '0'),
            "extra-parameter" => query + "&more=1",
            _ => query,
        };

        var answer = (await PostAsync(path, query)).Expect(status);

        Assert.StartsWith(text, answer.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(status, answer.Json.GetProperty("code").GetInt32());
        Assert.DoesNotContain(PusherTestServer.Secret, answer.Body, StringComparison.Ordinal);
        Assert.Empty(await client.SettleAsync());
    }

    [Theory]
    [InlineData(-599)]
    [InlineData(599)]
    public async Task The_window_of_timestamps_is_open(int seconds)
    {
        var query = server.Sign("POST", "/apps/3/events", Body, at: server.Time.GetUtcNow().AddSeconds(seconds));
        (await PostAsync("/apps/3/events", query)).Expect(200);
    }

    [Fact]
    public async Task Libraries_may_sign_a_prefix_or_leave_it_out()
    {
        (await PostAsync("/hub/apps/3/events", server.Sign("POST", "/hub/apps/3/events", Body))).Expect(200);
        (await PostAsync("/hub/apps/3/events", server.Sign("POST", "/apps/3/events", Body))).Expect(200);
        (await PostAsync("/hub/apps/3/events", server.Sign("POST", "/other/apps/3/events", Body))).Expect(401);
    }

    /// <summary>The node library signs the path before it is escaped, others after.</summary>
    [Fact]
    public async Task A_path_may_be_signed_escaped_or_not()
    {
        (await PostAsync(
            "/apps/3/users/a%20%22b/terminate_connections", server.Sign("POST", "/apps/3/users/a \"b/terminate_connections", Body))).Expect(200);
        (await PostAsync(
            "/apps/3/users/a%20%22b/terminate_connections", server.Sign("POST", "/apps/3/users/a%20%22b/terminate_connections", Body))).Expect(200);
    }

    /// <summary>Source of the .NET library: the signature comes first, names may be in any case, and an empty object is sent.</summary>
    [Fact]
    public async Task Parameters_come_in_any_order_and_case()
    {
        var query = server.Sign("POST", "/apps/3/events", Body);
        var parts = query.Split('&');
        (await PostAsync("/apps/3/events", string.Join('&', parts.Reverse()))).Expect(200);
        var timestamp = server.Time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signed = $"GET\n/apps/3/channels\nauth_key={PusherTestServer.Key}&auth_timestamp={timestamp}&auth_version=1.0&filter_by_prefix=none-&info=subscription_count,what";
        var raw = $"FILTER_BY_PREFIX=none-&info=subscription_count,what&auth_key={PusherTestServer.Key}&auth_timestamp={timestamp}&auth_version=1.0&auth_signature={PusherTestServer.Hmac(signed, PusherTestServer.Secret)}";
        (await server.SendAsync("GET", $"/apps/3/channels?{raw}", key: null)).Expect(200, """{"channels":{}}""");
    }

    [Fact]
    public async Task Wrong_methods_are_told_the_right_one()
    {
        var answer = (await server.CallAsync("GET", "events")).Expect(405);
        Assert.Equal("POST", answer.Header("Allow"));
        (await server.CallAsync("POST", "channels")).Expect(405);
    }

    private static string Without(string query, string name) =>
        string.Join('&', query.Split('&').Where(pair => !pair.StartsWith($"{name}=", StringComparison.Ordinal)));

    private async Task<Answer> PostAsync(string path, string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{server.BaseAddress.GetLeftPart(UriPartial.Authority)}{path}?{query}"));
        request.Content = TestServer.JsonBody(Body);
        return await Answer.OfAsync(await server.Http.SendAsync(request).Within());
    }
}
