using Channels.Testing;

namespace Channels.AspNetCore.Tests.PushStream;

/// <summary>Clients that follow for an hour, with random cuts.</summary>
public sealed class FollowingTests
{
    private const string Channels = "open-0/open-1/open-2/open-3/open-4";
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Duration = TimeSpan.FromHours(1);

    [Fact]
    public async Task An_hour_of_cuts_loses_nothing_and_repeats_nothing()
    {
        await using var server = await PushStreamServer.StartAsync();
        FollowingClient[] clients =
        [
            new(server, Channels, FollowingMode.Headers),
            new(server, Channels, FollowingMode.Arguments),
            new(server, Channels, FollowingMode.Socket),
        ];
        foreach (var client in clients)
        {
            client.Start();
        }

        // Until a client has a pair it hears only what comes while it is there.
        await ChannelsTestHost.EventuallyAsync(() => server.Parked.Value == 2 && server.Connections.Count == 1);
        List<long> published = [(await server.PublishAsync("open-0", "0")).Id];
        await ArrivedAsync(clients, 1);
        var random = new Random(2026);
        for (var time = TimeSpan.Zero; time < Duration; time += Step)
        {
            for (var left = random.Next(6) == 0 ? random.Next(1, 20) : random.Next(2); left > 0; left--)
            {
                published.Add((await server.PublishAsync($"open-{random.Next(5)}", $$"""{"n":{{published.Count}},"}{":1}""")).Id);
                if (random.Next(4) == 0)
                {
                    clients[random.Next(clients.Length)].Cut();
                }
            }

            if (random.Next(3) == 0)
            {
                clients[random.Next(clients.Length)].Cut();
            }

            server.Time.Advance(Step);
            if (random.Next(4) > 0)
            {
                await ArrivedAsync(clients, published.Count);
            }
        }

        await ArrivedAsync(clients, published.Count);
        foreach (var client in clients)
        {
            await client.DisposeAsync();
            Assert.Equal(published, client.Received);
        }

        Assert.All(clients[..2], client => Assert.InRange(client.Requests, 200, 100_000));
    }

    private static Task ArrivedAsync(FollowingClient[] clients, int count) =>
        ChannelsTestHost.EventuallyAsync(() => clients.All(client => client.Count >= count), TimeSpan.FromSeconds(30));
}
