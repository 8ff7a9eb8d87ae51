using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Channels.Clients.Tests.Processes;

namespace Channels.Clients.Tests.Durability;

/// <summary>Publishes one message after the other, each with a key of its own, and repeats the one whose answer never came.</summary>
internal sealed class Publisher(string name)
{
    private int _next = 1;
    private bool _isUnanswered;

    /// <summary>Text of every acknowledged message with its id.</summary>
    public Dictionary<string, long> Acknowledged { get; } = [];

    /// <summary>How many repeats turned out to be stored already.</summary>
    public int Duplicates { get; private set; }

    private string Text => $"{name}-{_next}";

    /// <summary>Publishes until the server is gone.</summary>
    /// <param name="to">The server.</param>
    /// <param name="onAcknowledged">Called with each id.</param>
    public async Task RunAsync(Playground to, Action<long> onAcknowledged)
    {
        while (await TryPublishAsync(to) is { } id)
        {
            onAcknowledged(id);
        }
    }

    /// <summary>Repeats what had no answer.</summary>
    public async Task RepeatAsync(Playground to)
    {
        if (_isUnanswered)
        {
            Assert.NotNull(await TryPublishAsync(to));
        }
    }

    private async Task<long?> TryPublishAsync(Playground to)
    {
        try
        {
            using var response = await to.Http.PublishAsync("playground", Text, Text);
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.True(response.StatusCode == HttpStatusCode.Created || (_isUnanswered && response.StatusCode == HttpStatusCode.OK), answer.GetRawText());
            Duplicates += response.StatusCode == HttpStatusCode.OK ? 1 : 0;
            _isUnanswered = false;
            var id = answer.At("id").GetInt64();
            Acknowledged.Add(Text, id);
            _next++;
            return id;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            _isUnanswered = true;
            return null;
        }
    }
}
