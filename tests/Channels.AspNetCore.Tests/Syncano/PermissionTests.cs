using System.Net.WebSockets;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Syncano;

/// <summary>The permission table: every endpoint by every kind of channel by every kind of caller.</summary>
public sealed class PermissionTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Forbidden = """{"detail":"You do not have permission to perform this action."}""";
    private const string Disabled = """{"detail":"Custom publish not allowed on this channel."}""";

    private static readonly (string Name, string? Key, string? User)[] Callers =
    [
        ("owner", Keys.Admin, null),
        ("owner with a user", Keys.Admin, Keys.Bob),
        ("reading administrator", Keys.Reader, null),
        ("trusted key", Keys.Trusted, null),
        ("trusted key with a user", Keys.Trusted, Keys.Bob),
        ("member", Keys.Api, Keys.Alice),
        ("user", Keys.Api, Keys.Bob),
        ("key", Keys.Api, null),
        ("key with an unknown user", Keys.Api, "e000000000000000000000000000000000000099"),
        ("viewer", Keys.Viewer, null),
        ("viewer with a user", Keys.Viewer, Keys.Bob),
        ("nobody", null, null),
    ];

    [Theory]
    //                                                       own own rea tru tru mem use key unk vie vie nob
    [InlineData("get", "closed", "200 200 200 200 200 403 403 403 403 403 403 403")]
    [InlineData("get", "readable", "200 200 200 200 200 200 200 403 403 200 200 403")]
    [InlineData("get", "open", "200 200 200 200 200 200 200 403 403 200 200 403")]
    [InlineData("get", "team", "200 200 200 200 200 200 403 403 403 403 403 403")]
    [InlineData("list", "closed", "1   1   1   1   1   0   0   403 403 0   0   403")]
    [InlineData("list", "readable", "1   1   1   1   1   1   1   403 403 1   1   403")]
    [InlineData("list", "open", "1   1   1   1   1   1   1   403 403 1   1   403")]
    [InlineData("list", "team", "1   1   1   1   1   1   0   403 403 0   0   403")]
    [InlineData("create", "closed", "201 201 403 201 201 403 403 403 403 403 403 403")]
    [InlineData("put", "closed", "200 200 403 200 200 403 403 403 403 403 403 403")]
    [InlineData("put", "open", "200 200 403 200 200 403 403 403 403 403 403 403")]
    [InlineData("patch", "closed", "200 200 403 200 200 403 403 403 403 403 403 403")]
    [InlineData("patch", "open", "200 200 403 200 200 403 403 403 403 403 403 403")]
    [InlineData("delete", "closed", "204 204 403 204 204 403 403 403 403 403 403 403")]
    [InlineData("delete", "open", "204 204 403 204 204 403 403 403 403 403 403 403")]
    [InlineData("poll", "closed", "200 200 200 200 200 403 403 403 403 403 403 403")]
    [InlineData("poll", "readable", "200 200 200 200 200 200 200 403 403 200 200 403")]
    [InlineData("poll", "open", "200 200 200 200 200 200 200 403 403 200 200 403")]
    [InlineData("poll", "team", "200 200 200 200 200 200 403 403 403 403 403 403")]
    [InlineData("events", "closed", "200 200 200 200 200 403 403 403 403 403 403 403")]
    [InlineData("events", "readable", "200 200 200 200 200 200 200 403 403 200 200 403")]
    [InlineData("events", "team", "200 200 200 200 200 200 403 403 403 403 403 403")]
    [InlineData("socket", "closed", "101 101 101 101 101 403 403 403 403 403 403 403")]
    [InlineData("socket", "readable", "101 101 101 101 101 101 101 403 403 101 101 403")]
    [InlineData("socket", "team", "101 101 101 101 101 101 403 403 403 403 403 403")]
    [InlineData("stream", "closed", "200 200 200 200 200 403 403 403 403 403 403 403")]
    [InlineData("stream", "readable", "200 200 200 200 200 200 200 403 403 200 200 403")]
    [InlineData("stream", "team", "200 200 200 200 200 200 403 403 403 403 403 403")]
    [InlineData("history", "closed", "200 200 200 200 200 403 403 403 403 403 403 403")]
    [InlineData("history", "readable", "200 200 200 200 200 200 200 403 403 200 200 403")]
    [InlineData("history", "open", "200 200 200 200 200 200 200 403 403 200 200 403")]
    [InlineData("history", "team", "200 200 200 200 200 200 403 403 403 403 403 403")]
    [InlineData("detail", "closed", "200 200 200 200 200 403 403 403 403 403 403 403")]
    [InlineData("detail", "readable", "200 200 200 200 200 200 200 403 403 200 200 403")]
    [InlineData("detail", "team", "200 200 200 200 200 200 403 403 403 403 403 403")]
    [InlineData("publish", "closed", "201 201 403 201 201 403 403 403 403 403 403 403")]
    [InlineData("publish", "readable", "201 201 403 201 201 403 403 403 403 403 403 403")]
    [InlineData("publish", "open", "201 201 403 201 201 201 201 403 403 403 201 403")]
    [InlineData("publish", "team", "201 201 403 201 201 201 403 403 403 403 403 403")]
    [InlineData("publish", "mute", "dis dis 403 dis dis dis dis 403 403 403 dis 403")]
    [InlineData("publish wrongly", "closed", "400 400 403 400 400 403 403 403 403 403 403 403")]
    [InlineData("publish wrongly", "mute", "dis dis 403 dis dis dis dis 403 403 403 dis 403")]
    [InlineData("messages", "closed", "201 201 403 201 201 403 403 403 403 403 403 403")]
    [InlineData("messages", "open", "201 201 403 201 201 403 403 403 403 403 403 403")]
    [InlineData("messages", "mute", "dis dis 403 dis dis 403 403 403 403 403 403 403")]
    [InlineData("tickets", "open", "201 201 201 201 201 201 201 403 403 201 201 403")]
    public async Task The_table_holds(string endpoint, string channel, string expected)
    {
        var outcomes = expected.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < Callers.Length; i++)
        {
            var name = $"p{Guid.NewGuid():N}";
            await CreateAsync(channel, name);
            var message = await server.PublishAsync(name, "{}");
            var answer = await CallAsync(endpoint, name, message.Id, Callers[i].Key, Callers[i].User);
            Assert.True(outcomes[i] == Describe(endpoint, answer), $"{Callers[i].Name}: {answer.Status} {answer.Body} instead of {outcomes[i]}");
        }
    }

    [Theory]
    [InlineData("get", 404, 404, 403)]
    [InlineData("put", 404, 404, 403)]
    [InlineData("delete", 404, 404, 403)]
    [InlineData("poll", 404, 404, 403)]
    [InlineData("events", 404, 404, 403)]
    [InlineData("socket", 404, 404, 403)]
    [InlineData("stream", 404, 404, 403)]
    [InlineData("publish", 404, 404, 403)]
    [InlineData("history", 404, 404, 404)]
    [InlineData("detail", 404, 404, 404)]
    public async Task An_unknown_channel_is_not_hidden_from_users(string endpoint, int admin, int user, int key)
    {
        Assert.Equal(admin, (await CallAsync(endpoint, "nothing", 1, Keys.Admin, null)).Status);
        Assert.Equal(user, (await CallAsync(endpoint, "nothing", 1, Keys.Api, Keys.Bob)).Status);
        Assert.Equal(key, (await CallAsync(endpoint, "nothing", 1, Keys.Api, null)).Status);
    }

    private static string Describe(string endpoint, Answer answer)
    {
        if (answer.Status == 403)
        {
            Assert.Contains(answer.Body, new[] { Forbidden, Disabled });
        }

        return answer switch
        {
            { Status: 403, Body: Disabled } => "dis",
            { Status: 200 } when endpoint == "list" => answer.Json.GetProperty("objects").GetArrayLength() == 1 ? "1" : "0",
            _ => answer.Status.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    private Task<string> CreateAsync(string kind, string name) => kind switch
    {
        "closed" => server.CreateAsync(name),
        "readable" => server.CreateAsync(name, ChannelPermission.Subscribe),
        "open" => server.CreateAsync(name, ChannelPermission.Publish),
        "mute" => server.CreateAsync(name, ChannelPermission.Publish, publish: false),
        "team" => server.CreateAsync(name, group: "1", members: ChannelPermission.Publish),
        _ => throw new ArgumentException("No such kind.", nameof(kind)),
    };

    private Task<Answer> CallAsync(string endpoint, string name, long id, string? key, string? user) => endpoint switch
    {
        "get" => server.GetAsync($"channels/{name}/", key, user),
        "list" => server.GetAsync($"channels/?name__startswith={name}", key, user),
        "create" => server.PostAsync("channels/", $$"""{"name":"new{{name}}"}""", key, user),
        "put" => server.SendAsync("PUT", $"channels/{name}/", key, user, "{}"),
        "patch" => server.SendAsync("PATCH", $"channels/{name}/", key, user, "{}"),
        "delete" => server.SendAsync("DELETE", $"channels/{name}/", key, user),
        "poll" => server.GetAsync($"channels/{name}/poll/?last_id=0", key, user),
        "events" => OpenEventsAsync($"channels/{name}/poll/?last_id=0", key, user),
        "stream" => OpenEventsAsync($"stream/?channel={name}", key, user),
        "socket" => OpenSocketAsync($"channels/{name}/poll/?transport=websocket", key, user),
        "history" => server.GetAsync($"channels/{name}/history/", key, user),
        "detail" => server.GetAsync($"channels/{name}/history/{id}/", key, user),
        "publish" => server.PostAsync($"channels/{name}/publish/", "{}", key, user),
        "publish wrongly" => server.PostAsync($"channels/{name}/publish/", """{"payload":1}""", key, user),
        "messages" => server.PostAsync("messages/", $$"""{"channel":"{{name}}","payload":1}""", key, user),
        "tickets" => server.PostAsync("connect-tickets/", "", key, user),
        _ => throw new ArgumentException("No such endpoint.", nameof(endpoint)),
    };

    private async Task<Answer> OpenEventsAsync(string path, string? key, string? user)
    {
        using var request = server.Request("GET", path, key, user, ("Accept", "text/event-stream"));
        using var response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Within();
        var body = response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync();
        return new((int)response.StatusCode, body.Split(",\"channel\"") is [var start, _] ? start + "}" : body, new Dictionary<string, string>());
    }

    private async Task<Answer> OpenSocketAsync(string path, string? key, string? user)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        var query = (key is null ? "" : $"&api_key={key}") + (user is null ? "" : $"&user_key={user}");
        try
        {
            await socket.ConnectAsync(new UriBuilder(new Uri(server.BaseAddress, TestServer.PathOf(path + query))) { Scheme = "ws" }.Uri, default).Within();
        }
        catch (WebSocketException)
        {
            // The status tells.
        }

        var status = (int)socket.HttpStatusCode;
        return new(status, status == 403 ? Forbidden : "", new Dictionary<string, string>());
    }
}
