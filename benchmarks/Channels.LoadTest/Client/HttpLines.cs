namespace Channels.LoadTest.Client;

/// <summary>Several HTTP connections to one server.</summary>
internal sealed class HttpLines : IDisposable
{
    private const int ConnectingAtOnce = 32;

    private readonly HttpLine?[] _lines;

    private HttpLines(int count) => _lines = new HttpLine?[count];

    public IEnumerable<HttpLine> All => _lines.Select(line => line!);

    public static async Task<HttpLines> OpenAsync(int port, int count, CancellationToken cancellationToken)
    {
        var lines = new HttpLines(count);
        try
        {
            var settings = new ParallelOptions { MaxDegreeOfParallelism = ConnectingAtOnce, CancellationToken = cancellationToken };
            await Parallel.ForAsync(0, count, settings, async (i, token) => lines._lines[i] = await HttpLine.OpenAsync(port, token));
            return lines;
        }
        catch
        {
            lines.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var line in _lines)
        {
            line?.Dispose();
        }
    }
}
