using System.Diagnostics;
using Channels.LoadTest.Client;
using Channels.LoadTest.Scenarios;

namespace Channels.LoadTest.Bayeux;

/// <summary>The loads of the comparison with the native wire, on a server that serves both.</summary>
/// <param name="server">The server.</param>
/// <param name="settings">How much load.</param>
/// <param name="cancellationToken">Ends everything.</param>
internal sealed class BayeuxLoad(ServerProcess server, LoadSettings settings, CancellationToken cancellationToken) : IDisposable
{
    private const int PerSecond = 50;
    private const double Kilobyte = 1024;

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = 10_000 });

    public void Dispose() => _http.Dispose();

    /// <returns>Processor time of the server for each delivery of paced messages, µs.</returns>
    public async Task<double> PaceAsync(bool acknowledges)
    {
        var clients = await OpenAsync(settings.Clients, acknowledges);
        foreach (var client in clients)
        {
            await client.UpgradeAsync(cancellationToken);
        }

        var messages = Math.Max(PerSecond, (int)(settings.Duration.TotalSeconds * PerSecond));
        await HeldAsync(clients.Count);
        var following = clients.Select(client => client.FollowAsync(messages, cancellationToken)).ToArray();
        var usage = new Usage(server.Control, await server.Control.ReadStatsAsync(cancellationToken));
        await server.Control.PaceAsync(1, messages, PerSecond, cancellationToken);
        await Task.WhenAll(following).WithinAsync(cancellationToken);
        var delivery = await usage.StopAsync((long)messages * clients.Count, cancellationToken);
        var lost = clients.Sum(client => client.Check.Lost(messages) + client.Check.Duplicates + client.Check.Late);
        await CloseAsync(clients);
        return lost == 0 ? delivery.CpuMicroseconds : throw new InvalidOperationException($"{lost} messages were lost, came twice or out of order.");
    }

    /// <returns>Managed memory of each held connect, KB.</returns>
    public async Task<double> HoldAsync()
    {
        await HoldAsync(MemoryUse.Early, () => Task.FromResult(0.0));
        var before = await server.Control.CollectAsync(cancellationToken);
        return await HoldAsync(settings.IdleClients, async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(0.5), cancellationToken);
            var after = await server.Control.CollectAsync(cancellationToken);
            return (after.ManagedBytes - before.ManagedBytes) / Kilobyte / settings.IdleClients;
        });
    }

    /// <returns>From the order to publish to the last whole answer, ms; the median of several.</returns>
    public async Task<double> WakeAsync()
    {
        var clients = await OpenAsync(settings.IdleClients, acknowledges: false);
        using var lines = await HttpLines.OpenAsync(server.Port, clients.Count, cancellationToken);
        var times = new List<double>();
        for (var wake = 0; wake < WakeScenario.Wakes; wake++)
        {
            var answers = clients.Zip(lines.All, (client, line) => line.ExchangeAsync(client.PollRequest(), cancellationToken).AsTask()).ToArray();
            await HeldAsync(clients.Count);
            var published = Stopwatch.GetTimestamp();
            await server.Control.BurstAsync(channels: 1, wake, count: 1, cancellationToken);
            await Task.WhenAll(answers).WithinAsync(cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(published).TotalMilliseconds);
            if (lines.All.Any(line => !line.Carries(wake)))
            {
                throw new InvalidOperationException("A connect was answered without the message.");
            }
        }

        await CloseAsync(clients);
        return times.Order().ElementAt(WakeScenario.Wakes / 2);
    }

    /// <summary>Has connects held while something is measured.</summary>
    private async Task<double> HoldAsync(int count, Func<Task<double>> measure)
    {
        var clients = await OpenAsync(count, acknowledges: false);
        using var lines = await HttpLines.OpenAsync(server.Port, count, cancellationToken);
        foreach (var (client, line) in clients.Zip(lines.All))
        {
            await line.SendAsync(client.PollRequest(), cancellationToken);
        }

        await HeldAsync(count);
        var measured = await measure();
        await CloseAsync(clients);
        return measured;
    }

    private static async Task EachAsync(IEnumerable<BayeuxLoadClient> clients, Func<BayeuxLoadClient, Task> action)
    {
        foreach (var chunk in clients.Chunk(32))
        {
            await Task.WhenAll(chunk.Select(action));
        }
    }

    private async Task<List<BayeuxLoadClient>> OpenAsync(int count, bool acknowledges)
    {
        var endpoint = new Uri($"http://127.0.0.1:{server.Port}/v2/channel/subscribe");
        var clients = Enumerable.Range(0, count).Select(_ => new BayeuxLoadClient(_http, endpoint, acknowledges)).ToList();
        await EachAsync(clients, client => client.OpenAsync(cancellationToken));
        return clients;
    }

    private async Task CloseAsync(List<BayeuxLoadClient> clients)
    {
        await EachAsync(clients, client => client.CloseAsync(cancellationToken));
        clients.ForEach(client => client.Dispose());
        await SettledAsync();
    }

    private Task HeldAsync(int count) => Patience.UntilAsync(
        async () => (await server.Control.ReadStatsAsync(cancellationToken)).ParkedPolls == count, $"{count} connects are held", cancellationToken);

    private Task SettledAsync() => Patience.UntilAsync(
        async () => await server.Control.ReadStatsAsync(cancellationToken) is { Connections: 0, ParkedPolls: 0 }, "all clients are gone", cancellationToken);
}
