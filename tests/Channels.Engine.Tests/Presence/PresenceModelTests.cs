using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Presence;

/// <summary>Random schedules of joining, leaving, losing and expiring against a model, while observers read at their own pace.</summary>
public sealed class PresenceModelTests
{
    private const int Seeds = 150;
    private const int Steps = 120;

    [Fact]
    public async Task P6_whatever_happens_everybody_sees_who_is_there()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            try
            {
                await RunAsync(new Random(seed));
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}: {exception.Message}", exception);
            }
        }
    }

    [Fact]
    public async Task No_join_is_lost_when_many_come_and_go_at_once()
    {
        await using var host = ChannelsTestHost.Create(channels => channels.AddChannel("{name}"), options => options.MaxPresenceChanges = 50);
        await using var watcher = host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        await watcher.SubscribeAsync("a").Within();
        var seen = new Observer(await watcher.WatchMembersAsync("a").Within());
        using var done = new CancellationTokenSource();
        var reading = Task.Run(() => watcher.ReadUntilAsync(delivery =>
        {
            if (delivery.Presence is { } change)
            {
                seen.Apply(change);
            }

            return delivery.Message is not null;
        }));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 500; i++)
            {
                var connection = host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
                var joined = await connection.JoinAsync("a", new($"m{random.Next(40)}")).Within();
                new Observer(joined).AssertContiguous(connection);
                if (random.Next(10) > 0)
                {
                    await connection.DisposeAsync();
                }
            }
        }))).Within(TimeSpan.FromSeconds(60));
        await host.Channels.PublishAsync("a", new()).Within();
        await reading.Within();

        var listed = await host.Channels.Presence.ListAsync("a").Within();
        Assert.Equal(listed.Members.Select(member => member.Id), seen.Members);
        Assert.Equal(listed.Version, seen.Version);
    }

    private static async Task RunAsync(Random random)
    {
        await using var host = ChannelsTestHost.Create(
            channels => channels.AddChannel("{name}"), options => options.MaxPresenceChanges = random.Next(1, 30));
        var open = new List<Client>();
        var leaving = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        var observers = new List<(IChannelConnection Connection, Observer Seen)>();
        for (var step = 0; step < Steps; step++)
        {
            switch (random.Next(8))
            {
                case 0 or 1 or 2:
                    open.Add(await JoinAsync(host, random));
                    leaving.Remove(open[^1].Member);
                    break;
                case 3 when open.Count > 0:
                    var leaver = Take(open, random);
                    var grace = TimeSpan.FromSeconds(random.Next(3));
                    Assert.True(leaver.Connection.Leave("a", grace));
                    Gone(leaver, grace);
                    break;
                case 4 when open.Count > 0:
                    var lost = Take(open, random);
                    lost.Connection.Close(random.Next(2) == 0 ? ConnectionEnd.TooSlow : ConnectionEnd.Closed);
                    Gone(lost, lost.Grace);
                    break;
                case 5 when open.Count > 0:
                    var revoked = Take(open, random);
                    revoked.Connection.Close(ConnectionEnd.Revoked);
                    Gone(revoked, TimeSpan.Zero);
                    break;
                case 6:
                    host.Time.Advance(TimeSpan.FromMilliseconds(random.Next(1_500)));
                    break;
                default:
                    var watcher = host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
                    observers.Add((watcher, new(await watcher.WatchMembersAsync("a").Within())));
                    break;
            }

            foreach (var (connection, seen) in observers.Where(_ => random.Next(3) == 0))
            {
                connection.ReadAvailable(delivery => seen.Apply(delivery.Presence!));
                Assert.Equal(Expected(), seen.Members);
            }
        }

        foreach (var (connection, seen) in observers)
        {
            connection.ReadAvailable(delivery => seen.Apply(delivery.Presence!));
            Assert.Equal(Expected(), seen.Members);
        }

        Assert.Equal(Expected(), (await host.Channels.Presence.ListAsync("a", limit: 1000).Within()).Members.Select(member => member.Id));

        void Gone(Client client, TimeSpan grace)
        {
            if (!open.Exists(other => other.Member == client.Member))
            {
                leaving[client.Member] = host.Time.GetUtcNow() + grace;
            }
        }

        IEnumerable<string> Expected() => open.Select(client => client.Member)
            .Concat(leaving.Where(pair => pair.Value > host.Time.GetUtcNow()).Select(pair => pair.Key))
            .Distinct().Order(StringComparer.Ordinal);
    }

    private static async Task<Client> JoinAsync(ChannelsTestHost host, Random random)
    {
        var grace = TimeSpan.FromSeconds(random.Next(3));
        var connection = host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host, PresenceGrace = grace })!;
        var member = $"m{random.Next(12):00}";
        var joined = await connection.JoinAsync("a", new(member)).Within();
        Assert.Contains(joined.Snapshot!.Members, present => present.Id == member);
        return new(connection, member, grace);
    }

    private static Client Take(List<Client> open, Random random)
    {
        var index = random.Next(open.Count);
        var client = open[index];
        open.RemoveAt(index);
        return client;
    }

    private sealed record Client(IChannelConnection Connection, string Member, TimeSpan Grace);

    /// <summary>Keeps the members as a client does: a snapshot, and then one change after the other.</summary>
    private sealed class Observer
    {
        private readonly SortedSet<string> _members = new(StringComparer.Ordinal);

        public Observer(JoinResult joined) => Reset(joined.Snapshot!);

        public long Version { get; private set; }

        public IEnumerable<string> Members => _members;

        public void Apply(PresenceChange change)
        {
            if (change.Snapshot is { } snapshot)
            {
                Assert.True(snapshot.Version > Version);
                Reset(snapshot);
                return;
            }

            Assert.Equal(Version + 1, change.Version);
            Version = change.Version;
            Assert.True(change.Kind == PresenceChangeKind.Added ? _members.Add(change.Member!.Id) : _members.Remove(change.Member!.Id));
        }

        public void AssertContiguous(IChannelConnection connection)
        {
            connection.ReadAvailable(delivery => Apply(delivery.Presence!));
        }

        private void Reset(PresenceSnapshot snapshot)
        {
            _members.Clear();
            _members.UnionWith(snapshot.Members.Select(member => member.Id));
            Version = snapshot.Version;
        }
    }
}
