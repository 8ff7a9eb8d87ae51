namespace Channels.Clients.Tests.Processes;

/// <summary>One Playground on memory for all tests that only use channels of their own.</summary>
public sealed class SharedPlayground : IAsyncLifetime
{
    private Playground? _playground;

    internal Playground Host => _playground!;

    public async ValueTask InitializeAsync() => _playground = await Playground.StartInMemoryAsync();

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
