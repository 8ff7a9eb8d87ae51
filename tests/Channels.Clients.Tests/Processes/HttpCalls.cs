using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Channels.Clients.Tests.Processes;

/// <summary>Calls as the administrator, relative to an instance.</summary>
internal static class HttpCalls
{
    public static Task<HttpResponseMessage> CreateChannelAsync(this HttpClient http, string name) =>
        http.SendAsync(Request(HttpMethod.Post, "channels/", new { name, other_permissions = "publish", custom_publish = true }));

    /// <summary>Publishes as a server.</summary>
    public static Task<HttpResponseMessage> PublishAsync(this HttpClient http, string channel, object payload, string? key = null) =>
        http.SendAsync(Request(HttpMethod.Post, "messages/", new { channel, payload, key }));

    public static async Task<long> PublishedIdAsync(this HttpClient http, string channel, object payload, string? key = null)
    {
        using var response = await http.PublishAsync(channel, payload, key);
        Assert.True(response.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).At("id").GetInt64();
    }

    /// <summary>Reads the whole history, oldest first.</summary>
    public static async Task<IReadOnlyList<JsonElement>> ReadHistoryAsync(this HttpClient http, string channel)
    {
        var messages = new List<JsonElement>();
        for (var path = $"channels/{channel}/history/?ordering=asc"; path is not null;)
        {
            using var response = await http.SendAsync(Request(HttpMethod.Get, path, null));
            response.EnsureSuccessStatusCode();
            var page = await response.Content.ReadFromJsonAsync<JsonElement>();
            messages.AddRange(page.At("objects").EnumerateArray());
            path = page.At("next").GetString();
        }

        return messages;
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, object? body)
    {
        var request = new HttpRequestMessage(method, path) { Headers = { { "X-API-KEY", Keys.Account } } };
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        return request;
    }
}
