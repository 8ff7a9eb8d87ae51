namespace Channels.Clients.Tests.Processes;

/// <summary>A server that is started several times, one process after the other.</summary>
internal sealed class RestartablePlayground(Func<Task<Playground>> start) : IAsyncDisposable
{
    private Playground? _current;

    public async Task<Playground> StartAsync()
    {
        await DisposeAsync();
        return _current = await start();
    }

    public async ValueTask DisposeAsync()
    {
        if (_current is { } ended)
        {
            _current = null;
            await ended.DisposeAsync();
        }
    }
}
