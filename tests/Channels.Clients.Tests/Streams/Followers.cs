using System.Text.Json;
using Channels.Clients.Tests.Processes;

namespace Channels.Clients.Tests.Streams;

/// <summary>Real clients that follow a channel in another process, and everything they said.</summary>
internal sealed class Followers : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly Dictionary<string, List<JsonElement>> _events = [];

    private Followers(ChildProcess process, IEnumerable<string> sources)
    {
        _process = process;
        foreach (var source in sources)
        {
            _events[source] = [];
        }
    }

    public IEnumerable<string> Sources => _events.Keys;

    public static async Task<Followers> StartAsync(NodeModules node, Playground host, string channel)
    {
        var followers = new[]
        {
            new { source = "poll-events", kind = "events", path = $"channels/{channel}/poll/" },
            new { source = "stream-events", kind = "events", path = $"stream/?channel={channel}" },
            new { source = "poll-socket", kind = "socket", path = $"channels/{channel}/poll/?transport=websocket" },
            new { source = "stream-socket", kind = "socket", path = $"stream/?channel={channel}" },
        };
        var settings = JsonSerializer.SerializeToNode(Keys.For(host, channel))!.AsObject();
        settings["followers"] = JsonSerializer.SerializeToNode(followers);
        return new(await node.StartAsync("follow.mjs", settings), followers.Select(follower => follower.source));
    }

    public IEnumerable<JsonElement> Events(string source, string name) => _events[source].Where(report => report.Text("event") == name);

    /// <summary>Reads reports until every follower fulfils a condition.</summary>
    public async Task UntilAsync(Func<string, bool> isDone)
    {
        while (!Sources.All(isDone))
        {
            var line = await _process.ReadLineAsync(_ => true);
            var report = JsonSerializer.Deserialize<JsonElement>(line);
            _events[report.Text("source")].Add(report);
        }
    }

    public Task UntilOpenAsync() => UntilAsync(source => Events(source, "open").Any());

    public Task UntilReceivedAsync(long id) => UntilAsync(source => Received(source).Contains(id));

    public IEnumerable<long> Received(string source) => Events(source, "message").Select(report => report.At("data.id").GetInt64());

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
