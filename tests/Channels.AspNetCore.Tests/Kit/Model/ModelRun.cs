using System.Net.WebSockets;
using Channels.AspNetCore.Connections;
using Channels.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Channels.AspNetCore.Tests.Kit.Model;

/// <summary>Publishers and clients that do everything at once, each by a chance of its own.</summary>
internal sealed class ModelRun : IAsyncDisposable
{
    private const int Clients = 5;
    private const int Publishers = 2;
    private const int LargeBytes = 70_000;

    private static readonly string[] Channels = ["a", "b", "c"];

    private readonly PublishedLog _log = new();
    private readonly WireForm _form = new(ModelWire.Encode, Framing.WebSocketText);
    private readonly List<ModelClient> _all = [];
    private readonly ModelClient[] _current = new ModelClient[Clients];
    private readonly Random _random;
    private readonly bool _usesSessions;
    private readonly ChannelsTestHost _host;
    private readonly TransportSettings _settings;
    private readonly SessionTable _sessions;
    private volatile bool _published;

    public ModelRun(int seed)
    {
        _random = new(seed);
        _usesSessions = seed % 2 == 1;
        var (tail, retain) = (_random.Next(1, 100), _random.Next(3) == 0 ? _random.Next(5, 100) : 10_000);
        _host = ChannelsTestHost.Create(
            channels => channels.AddChannel("{name}", channel => channel.Retain(count: retain)),
            options =>
            {
                options.TailMessages = tail;
                options.MaxPayloadBytes = 1024 * 1024;
            });
        _settings = new() { Time = _host.Time, Logger = NullLogger.Instance, CloseTimeout = TimeSpan.FromSeconds(5) };
        _sessions = new(
            new()
            {
                Protocol = "model",
                Time = _host.Time,
                Logger = NullLogger.Instance,
                DetachedLifetime = TimeSpan.FromMinutes(1),
                CloseTimeout = TimeSpan.FromSeconds(5),
                MaxSessions = 1000,
                MaxQueuedFrames = _random.Next(1, 50),
            },
            new());
    }

    public async Task RunAsync()
    {
        for (var i = 0; i < Clients; i++)
        {
            _current[i] = Connect(_random);
        }

        var clients = Enumerable.Range(0, Clients).Select(i => ActAsync(i, new(_random.Next()))).ToArray();
        await Task.WhenAll(Enumerable.Range(0, Publishers).Select(_ => PublishAsync(new(_random.Next()), _random.Next(30, 150)))).Within(TimeSpan.FromSeconds(30));
        _published = true;
        await Task.WhenAll(clients).Within(TimeSpan.FromSeconds(30));
        var published = _log.Sorted();
        for (var i = 0; i < Clients; i++)
        {
            await SettleAsync(i, published);
        }

        foreach (var client in _all)
        {
            var isWhole = client.IsAlive;
            if (isWhole)
            {
                client.Leave();
            }

            await client.Reading.Within();
            await client.Serving.Within();
            client.Check(published, isWhole);
        }

        Assert.Equal(0, _host.Connections.Count);
    }

    public ValueTask DisposeAsync()
    {
        _sessions.Dispose();
        return _host.DisposeAsync();
    }

    private async Task PublishAsync(Random random, int count)
    {
        await Task.Yield();
        for (var i = 0; i < count; i++)
        {
            var filling = new string('x', random.Next(20) == 0 ? random.Next(LargeBytes) : random.Next(100));
            var payload = $"\"{random.Next()} {filling}\"";
            var excluded = random.Next(4) == 0 ? _current[random.Next(Clients)].Connection.Id : null;
            var channel = Channels[random.Next(Channels.Length)];
            var began = _log.Tick();
            var message = await _host.Channels.PublishAsync(channel, new MessageDraft(payload) { ExcludedConnection = excluded }).Within();
            _log.Add(new(message.Id, channel, payload, excluded, began));
            await IdleAsync(random);
        }
    }

    /// <summary>What one client does while others publish.</summary>
    private async Task ActAsync(int index, Random random)
    {
        await Task.Yield();
        while (!_published)
        {
            var client = _current[index];
            switch (random.Next(12))
            {
                case < 5:
                    await SubscribeAsync(client, random);
                    break;
                case 5 when client.Open is { Count: > 0 } open:
                    client.Unsubscribe(open[random.Next(open.Count)]);
                    break;
                case < 8:
                    client.Pause();
                    break;
                case < 11:
                    client.GoOn();
                    break;
                default:
                    if (random.Next(4) == 0)
                    {
                        client.Leave();
                    }

                    break;
            }

            if (!client.IsAlive)
            {
                _current[index] = await ResumeAsync(client, random);
            }

            await IdleAsync(random);
        }
    }

    private async Task SubscribeAsync(ModelClient client, Random random)
    {
        var channel = Channels[random.Next(Channels.Length)];
        if (client.Open.Any(subscription => subscription.Channel == channel))
        {
            return;
        }

        // Anew on the same connection only from now on: what comes says by its place which subscription it is of.
        var isNew = client.Subscriptions.All(subscription => subscription.Channel != channel);
        await client.SubscribeAsync(channel, (isNew ? random.Next(3) : 0) switch
        {
            0 => SubscribeFrom.Now,
            1 => SubscribeFrom.Oldest.ContinueOverGaps(),
            _ => SubscribeFrom.After(_log.AnyId(random)).ContinueOverGaps(),
        });
    }

    /// <summary>Comes back on a new connection, behind what was seen last.</summary>
    private async Task<ModelClient> ResumeAsync(ModelClient lost, Random random)
    {
        lost.GoOn();
        await lost.Reading.Within();
        var next = Connect(random);
        foreach (var subscription in lost.Open)
        {
            await next.SubscribeAsync(subscription.Channel, SubscribeFrom.After(lost.LastSeen(subscription)).ContinueOverGaps());
        }

        return next;
    }

    /// <summary>Reads on until everything has come.</summary>
    private async Task SettleAsync(int index, PublishedMessage[] published)
    {
        _current[index].GoOn();
        while (!_current[index].IsAlive)
        {
            _current[index] = await ResumeAsync(_current[index], _random);
        }

        var client = _current[index];
        await ChannelsTestHost.EventuallyAsync(() => !client.IsAlive || HasAll(client, published));
        if (!client.IsAlive)
        {
            // It had stopped reading, and was told only now that it lagged too much.
            client = _current[index] = await ResumeAsync(client, _random);
            await ChannelsTestHost.EventuallyAsync(() => HasAll(client, published));
        }

        Assert.True(client.IsAlive, "Whoever reads is not ended.");
    }

    private static bool HasAll(ModelClient client, PublishedMessage[] published) => client.Open.All(subscription => published.All(message =>
        message.Channel != subscription.Channel || message.Excluded == client.Connection.Id || message.Id <= client.Reached(subscription)));

    private ModelClient Connect(Random random)
    {
        var connection = _host.Connections.TryOpen(new()
        {
            Protocol = "model",
            Caller = ChannelCaller.Host,
            SharesWakeUps = random.Next(2) == 0,
            SlowReader = (SlowReaderPolicy)random.Next(3),
            MaxLagMessages = random.Next(2) == 0 ? random.Next(5, 40) : 10_000,
            MaxLagBytes = random.Next(3) == 0 ? random.Next(1, 100_000) : long.MaxValue,
        })!;
        var client = new ModelClient(connection, new(random.Next(1, 40_000)), _log, transport => ServeAsync(connection, transport));
        lock (_all)
        {
            _all.Add(client);
        }

        return client;
    }

    private async Task ServeAsync(IChannelConnection connection, Stream transport)
    {
        using var stream = new UpgradedStream(transport);
        using var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = TimeSpan.Zero });
        if (_usesSessions)
        {
            Assert.Equal(SessionOpening.Opened, _sessions.TryOpen(new() { Connection = connection, Encode = _form.Encode }, out var session));
            using (var attachment = session!.TryAttach()!)
            {
                var link = new SessionSocketLink(socket, stream, attachment);
                await link.RunAsync(new Silence(), new() { MaxMessageBytes = 125 }, signal => new(WebSocketCloseStatus.NormalClosure, $"{signal}"));
            }

            session.Close();
            await session.Finished;
        }
        else
        {
            // The one subscription never ends: whoever has none waits for one.
            using var lifetime = new ConnectionLifetime(connection, _settings, subscriptions: 1, CancellationToken.None);
            var link = new WebSocketLink(socket, stream, connection, lifetime, _settings);
            await link.RunAsync(_form, default, end => new(WebSocketCloseStatus.NormalClosure, $"{end}"));
        }
    }

    private static async Task IdleAsync(Random random)
    {
        for (var i = random.Next(6); i > 0; i--)
        {
            await Task.Yield();
        }

        Thread.SpinWait(random.Next(500));
    }

    private sealed class Silence : IWebSocketMessages
    {
        public ValueTask OnMessageAsync(WebSocketMessageType type, ReadOnlyMemory<byte> message) => default;

        public void OnRefused(WebSocketClosure closure)
        {
        }
    }
}
