namespace Channels.AspNetCore.Tests.Bayeux;

/// <summary>Exactly once and in order, although connections are cut. Source: docs/protocols/bayeux.md#acknowledgement</summary>
[Collection(CrowdCollection.Name)]
public sealed class CutConnectionTests
{
    private const int Sessions = 200;
    private const int Messages = 50;

    [Fact]
    public async Task Each_of_many_sessions_receives_each_message_once_and_in_order_while_connections_are_cut()
    {
        await using var server = await BayeuxServer.StartAsync(options => options.MaxInterval = TimeSpan.FromHours(1));
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = 500 });
        var clients = new List<RestlessClient>();
        for (var i = 0; i < Sessions; i++)
        {
            var session = await server.OpenAsync(ack: true);
            await session.SubscribeAsync(i % 2 == 0 ? "/chat/many" : "/chat/*");
            clients.Add(new(server, http, session.Id, new Random(i)));
        }

        var running = clients.ConvertAll(client => client.RunAsync(Messages));
        var pace = new Random(Sessions);
        for (var n = 0; n < Messages; n++)
        {
            await server.PublishAsync("chat/many", $"{n}");

            // Held connects whose window closes are part of it.
            server.Time.Advance(TimeSpan.FromMilliseconds(pace.Next(50)));
            await Task.Yield();
        }

        var all = Task.WhenAll(running);
        await server.AdvanceUntilAsync(() => all.IsCompleted, TimeSpan.FromMilliseconds(1)).Within(TimeSpan.FromMinutes(2));
        await all;

        Assert.All(clients, client => Assert.Equal(Enumerable.Range(0, Messages), client.Received));
        Assert.InRange(clients.Sum(client => client.Cuts), Sessions / 4, int.MaxValue);
    }
}
