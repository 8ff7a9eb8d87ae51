using Channels.Clients.Tests.Processes;

namespace Channels.Clients.Tests.Bayeux;

/// <summary>
/// A Playground for several clients in one process, which share a cookie and so count as one browser, and whose processes may be starved for
/// longer than a session lives by default: a client that is told to handshake again does not subscribe again by itself.
/// </summary>
public sealed class BayeuxPlayground : IAsyncLifetime
{
    internal Playground Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Host = await Playground.StartInMemoryAsync("--Bayeux:MaxSessionsPerBrowser=0", "--Bayeux:MaxInterval=00:05:00");

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
