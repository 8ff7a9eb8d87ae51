namespace Channels.AspNetCore.Tests.Support;

/// <summary>One block of an event stream.</summary>
public sealed record EventBlock(string Name, string? Id, string Data, string? Retry, bool IsComment);

/// <summary>Reads an event stream as the HTML standard says.</summary>
public sealed class EventReader(HttpResponseMessage response, StreamReader text) : IDisposable
{
    public HttpResponseMessage Response => response;

    public int Status => (int)response.StatusCode;

    public static async Task<EventReader> OpenAsync(HttpResponseMessage response) =>
        new(response, new StreamReader(await response.Content.ReadAsStreamAsync()));

    /// <returns>The next block; <see langword="null"/> at the end of the stream.</returns>
    public async Task<EventBlock?> ReadBlockAsync()
    {
        var lines = new List<string>();
        while (true)
        {
            var line = await text.ReadLineAsync().Within();
            if (line is null)
            {
                return null;
            }

            if (line.Length == 0)
            {
                return Parse(lines);
            }

            lines.Add(line);
        }
    }

    /// <returns>The next event, comments and blocks without data skipped.</returns>
    public async Task<EventBlock> ReadEventAsync()
    {
        while (true)
        {
            var block = await ReadBlockAsync();
            Assert.NotNull(block);
            if (block.Data.Length > 0)
            {
                return block;
            }
        }
    }

    public async Task<string> ReadBodyAsync() => await text.ReadToEndAsync().Within();

    public void Dispose()
    {
        text.Dispose();
        response.Dispose();
    }

    private static EventBlock Parse(List<string> lines)
    {
        string? Field(string name) => lines.LastOrDefault(line => line.StartsWith($"{name}: ", StringComparison.Ordinal))?[(name.Length + 2)..];
        var data = string.Join('\n', lines.Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line[6..]));
        return new(Field("event") ?? "message", Field("id"), data, Field("retry"), lines.All(line => line.StartsWith(':')));
    }
}
