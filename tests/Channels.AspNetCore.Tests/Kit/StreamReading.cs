using System.Text;

namespace Channels.AspNetCore.Tests.Kit;

/// <summary>A streamed response that is being read.</summary>
internal sealed class StreamReading(HttpResponseMessage response, Stream body) : IAsyncDisposable
{
    public HttpResponseMessage Response => response;

    public static async Task<StreamReading> OpenAsync(HttpResponseMessage response) =>
        new(response, await response.Content.ReadAsStreamAsync());

    /// <summary>Reads exactly so many bytes.</summary>
    public async Task<string> ReadAsync(int bytes)
    {
        var buffer = new byte[bytes];
        await body.ReadExactlyAsync(buffer).AsTask().Within();
        return Encoding.UTF8.GetString(buffer);
    }

    public async Task<string> ReadToEndAsync()
    {
        using var reader = new StreamReader(body, leaveOpen: true);
        return await reader.ReadToEndAsync().Within();
    }

    public ValueTask DisposeAsync()
    {
        response.Dispose();
        return body.DisposeAsync();
    }
}
