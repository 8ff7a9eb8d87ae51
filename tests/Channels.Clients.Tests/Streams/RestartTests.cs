using System.Net;
using Channels.Clients.Tests.Processes;

namespace Channels.Clients.Tests.Streams;

/// <summary>Real clients over restarts of the server: npm <c>eventsource</c> and <c>ws</c>.</summary>
public sealed class RestartTests(NodeModules node)
{
    private const string Channel = "playground";
    private const int MostDuringRestart = 200;

    [Theory]
    [InlineData("00:00:00")]
    [InlineData("00:00:01")]
    public async Task Followers_neither_miss_nor_repeat_messages_over_restarts(string drainTime)
    {
        using var folder = new TemporaryFolder();
        var port = Playground.FindPort();
        var database = folder["messages.db"];
        string[] settings = ["--ChannelEndpoints:ReconnectDelay=00:00:00.100", $"--Channels:DrainTime={drainTime}"];
        var n = 0;

        await using var server = new RestartablePlayground(() => Playground.StartOnAsync(database, port, settings));
        var host = await server.StartAsync();
        await using var followers = await Followers.StartAsync(node, host, Channel);
        await followers.UntilOpenAsync();
        await followers.UntilReceivedAsync(await PublishSomeAsync(host, 5));
        for (var restart = 0; restart < 2; restart++)
        {
            var unanswered = await PublishWhileStoppingAsync(host);
            host = await server.StartAsync();
            await host.Http.PublishedIdAsync(Channel, new { n = unanswered }, $"key-{unanswered}");
            await followers.UntilReceivedAsync(await PublishSomeAsync(host, 5));
        }

        var stored = (await host.Http.ReadHistoryAsync(Channel)).Select(message => (Id: message.At("id").GetInt64(), N: message.At("payload.n").GetInt32())).ToList();
        Assert.Equal(Enumerable.Range(1, n), stored.Select(message => message.N));
        Assert.All(followers.Sources, source =>
        {
            Assert.Equal(stored.Select(message => message.Id), followers.Received(source));
            Assert.Equal(3, followers.Events(source, "open").Count());
            Assert.Empty(followers.Events(source, "gap"));
        });

        async Task<long> PublishSomeAsync(Playground to, int count)
        {
            var last = 0L;
            for (var i = 0; i < count; i++)
            {
                n++;
                last = await to.Http.PublishedIdAsync(Channel, new { n }, $"key-{n}");
            }

            return last;
        }

        // Goes on until the server is gone; the last one has no answer and is repeated after the restart.
        async Task<int> PublishWhileStoppingAsync(Playground to)
        {
            var stopping = Task.CompletedTask;
            for (var i = 0; i < MostDuringRestart; i++)
            {
                if (i == 10)
                {
                    stopping = to.StopAsync();
                }

                n++;
                if (!await TryPublishAsync(to, n))
                {
                    break;
                }
            }

            await stopping;
            return n;
        }
    }

    private static async Task<bool> TryPublishAsync(Playground to, int n)
    {
        try
        {
            using var response = await to.Http.PublishAsync(Channel, new { n }, $"key-{n}");
            return response.StatusCode == HttpStatusCode.Created;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
