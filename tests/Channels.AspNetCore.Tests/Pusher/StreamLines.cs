using System.Text.Json;

namespace Channels.AspNetCore.Tests.Pusher;

/// <summary>A streamed response, line by line.</summary>
public sealed class StreamLines(HttpResponseMessage response, StreamReader text) : IDisposable
{
    public HttpResponseMessage Response => response;

    /// <summary>The one event of a line.</summary>
    public static JsonElement Event(string line)
    {
        Assert.StartsWith("a[", line, StringComparison.Ordinal);
        var message = Assert.Single(JsonDocument.Parse(line[1..]).RootElement.EnumerateArray());
        return JsonDocument.Parse(message.GetString()!).RootElement;
    }

    public Task<string?> ReadLineAsync() => text.ReadLineAsync().Within();

    public async Task SkipAsync(int lines)
    {
        for (var i = 0; i < lines; i++)
        {
            await ReadLineAsync();
        }
    }

    public async Task<JsonElement> ReadEventAsync() => Event((await ReadLineAsync())!);

    public void Dispose()
    {
        text.Dispose();
        response.Dispose();
    }
}
