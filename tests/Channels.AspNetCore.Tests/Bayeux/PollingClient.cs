using System.Text.Json;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Bayeux;

/// <summary>A session over long-polling, spoken by hand.</summary>
internal sealed class PollingClient(BayeuxServer server, string id)
{
    private int _message = 100;

    public string Id => id;

    /// <summary>A message of this session.</summary>
    public string Message(string channel, string fields = "") =>
        $$"""{"id":"{{Interlocked.Increment(ref _message)}}","channel":"{{channel}}","clientId":"{{id}}"{{(fields.Length > 0 ? "," + fields : "")}}}""";

    public string Connect(string fields = "") => Message("/meta/connect", "\"connectionType\":\"long-polling\"" + (fields.Length > 0 ? "," + fields : ""));

    /// <summary>Connects; the answer comes when there is something, or the time to hold has passed.</summary>
    public Task<Answer> HoldAsync(string fields = "") => server.SendAsync($"[{Connect(fields)}]", "/connect");

    /// <summary>Connects for an answer at once.</summary>
    public Task<JsonElement[]> ConnectNowAsync(string fields = "") =>
        server.ExchangeAsync($"[{Connect("\"advice\":{\"timeout\":0}" + (fields.Length > 0 ? "," + fields : ""))}]");

    public async Task<JsonElement> SendAsync(string channel, string fields = "") => Assert.Single(await server.ExchangeAsync($"[{Message(channel, fields)}]"));

    public async Task SubscribeAsync(string channel) => Replies.Succeeded(await SendAsync("/meta/subscribe", $"\"subscription\":\"{channel}\""));

    public Task<JsonElement> PublishAsync(string channel, string data) => SendAsync(channel, $"\"data\":{data}");

    /// <summary>Connects until so many events have come.</summary>
    public async Task<string[]> ReceiveAsync(int count)
    {
        var data = new List<string>();
        var since = TimeProvider.System.GetTimestamp();
        while (data.Count < count)
        {
            data.AddRange(Replies.Data(await ConnectNowAsync()));
            Assert.True(TimeProvider.System.GetElapsedTime(since) < TimeLimit.Default, $"Only {data.Count} of {count} events came: {string.Join(' ', data)}");
        }

        return [.. data];
    }

    /// <summary>Whether the server still knows the session.</summary>
    public async Task<bool> IsKnownAsync() => (await PublishAsync("/is/known", "1")).GetProperty("successful").GetBoolean();

    /// <summary>Sends a connect and waits until it is held, no other being held or ending meanwhile.</summary>
    public async Task<Task<Answer>> ParkAsync(string fields = "")
    {
        await server.UntilAsync(() => server.Sessions.Attached == 0);
        var connect = HoldAsync(fields);
        await server.UntilAsync(() => server.Sessions.Attached == 1 || connect.IsCompleted);
        return connect;
    }
}
