using Channels.Engine.Tests.Support;
using Channels.Storage.Memory;
using Channels.Testing;
using Channels.TestSupport;
using Channels.TestSupport.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Ordering;

/// <summary>The memory of all tails together. A message of 16,128 bytes takes 16 KiB of it, so that four fit into 64 KiB.</summary>
public sealed class TailBudgetTests : IAsyncLifetime
{
    private const int PayloadBytes = (16 * 1024) - 256;
    private const int Limit = 64 * 1024;
    private const int Seeds = 40;

    private readonly Metrics _metrics = new();
    private readonly ScriptedStore _store = new(new MemoryStore(new ManualTimeProvider()));
    private readonly ChannelsTestHost _host;
    private int _storeReads;

    public TailBudgetTests()
    {
        _host = Create(_store, Limit, _metrics.AddTo);
        _store.BeforeRead = operation =>
        {
            _storeReads += operation == nameof(IMessageStore.ReadAfterAsync) ? 1 : 0;
            return Task.CompletedTask;
        };
    }

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _metrics.Dispose();
    }

    [Fact]
    public async Task The_address_not_used_for_longest_gives_way_and_is_read_from_the_store()
    {
        await using var readers = await AttachAsync("old", "new");
        var old = new[] { await PublishAsync("old"), await PublishAsync("old") };
        var recent = new[] { await PublishAsync("new"), await PublishAsync("new") };
        Assert.Equal(Limit, _metrics["channels.tail.bytes"]);
        Assert.Equal(0, _metrics["channels.tail.evicted"]);

        recent = [.. recent, await PublishAsync("new")];

        Assert.Equal(Limit, _metrics["channels.tail.bytes"]);
        Assert.Equal(1, _metrics["channels.tail.evicted"]);
        Assert.Equal(recent, await ResumeAsync("new", after: old[1], count: 3));
        Assert.Equal(0, _storeReads);
        Assert.Equal(old, await ResumeAsync("old", after: old[0] - 1, count: 2));
        Assert.True(_storeReads > 0);
    }

    [Fact]
    public async Task Reading_counts_as_use()
    {
        await using var readers = await AttachAsync("read", "unread", "loud");
        var read = await PublishAsync("read");
        var unread = await PublishAsync("unread");
        await PublishAsync("loud");
        await PublishAsync("loud");
        Assert.Equal([read], await ResumeAsync("read", after: read - 1, count: 1));

        await PublishAsync("loud");

        Assert.Equal(0, _storeReads);
        Assert.Equal([read], await ResumeAsync("read", after: read - 1, count: 1));
        Assert.Equal(0, _storeReads);
        Assert.Equal([unread], await ResumeAsync("unread", after: unread - 1, count: 1));
        Assert.Equal(1, _storeReads);
    }

    [Fact]
    public async Task Nothing_is_held_for_addresses_that_are_no_longer_active()
    {
        await using (await AttachAsync("a", "b"))
        {
            await PublishAsync("a");
            await PublishAsync("b");
        }

        Assert.True(_metrics["channels.tail.bytes"] > 0);
        await ChannelsTestHost.EventuallyAsync(() =>
        {
            _host.Time.Advance(TimeSpan.FromMinutes(2));
            return _metrics["channels.tail.bytes"] == 0;
        });
    }

    [Fact]
    public async Task A_reader_that_waits_goes_on_when_its_address_gave_way()
    {
        await using var readers = await AttachAsync("quiet", "loud");
        await using var waiting = await AttachAsync("quiet");
        var first = await PublishAsync("quiet");
        Assert.Equal(first, await NextAsync(waiting));
        var polling = _host.Channels.PollAsync("quiet", new(first)).AsTask();
        for (var i = 0; i < 5; i++)
        {
            await PublishAsync("loud");
        }

        var second = await PublishAsync("quiet");

        Assert.Equal(second, await NextAsync(waiting));
        Assert.Equal(second, (await polling.Within()).Message!.Id);
        Assert.Equal(0, _storeReads);
    }

    [Fact]
    public async Task What_was_let_go_of_reads_the_same_as_what_was_not()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var small = new Run(new Random(seed), Limit);
            var large = new Run(new Random(seed), long.MaxValue);
            var (evicting, untouched) = (await small.PlayAsync(), await large.PlayAsync());
            Assert.True(evicting.SequenceEqual(untouched), $"Seed {seed}: {string.Join(' ', evicting)} instead of {string.Join(' ', untouched)}");
            Assert.True(small.Evicted > 0, $"Seed {seed}: nothing was evicted.");
            Assert.Equal(0, large.Evicted);
            Assert.True(small.HeldBytes <= Limit + (2 * Run.MostBytes), $"Seed {seed}: {small.HeldBytes} bytes are held.");
        }
    }

    private static ChannelsTestHost Create(ScriptedStore store, long limit, Action<IChannelsBuilder> configure) => ChannelsTestHost.Create(
        channels => configure(channels.UseScriptedStorage(store).AddChannel("{name}", c => c.Retain(count: 100))),
        options => options.TailTotalBytes = limit);

    private static async Task<long> NextAsync(IChannelConnection connection)
    {
        while (true)
        {
            if (connection.TryRead(out var delivery))
            {
                if (delivery.Message is { } message)
                {
                    return message.Id;
                }

                continue;
            }

            Assert.True(await connection.WaitToReadAsync().Within());
        }
    }

    private async Task<long> PublishAsync(string address) =>
        (await _host.Channels.PublishAsync(address, new MessageDraft(Payload(PayloadBytes))).Within()).Id;

    private async Task<IChannelConnection> AttachAsync(params string[] addresses)
    {
        var connection = _host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        foreach (var address in addresses)
        {
            await connection.SubscribeAsync(address).Within();
        }

        return connection;
    }

    private Task<List<long>> ResumeAsync(string address, long after, int count) => ResumeAsync(_host, address, after, count);

    /// <returns>The next ids after a position.</returns>
    private static async Task<List<long>> ResumeAsync(ChannelsTestHost host, string address, long after, int count)
    {
        await using var connection = host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        await connection.SubscribeAsync(address, SubscribeFrom.After(after)).Within();
        var ids = new List<long>();
        while (ids.Count < count)
        {
            ids.Add(await NextAsync(connection));
        }

        return ids;
    }

    private static byte[] Payload(int bytes) => [(byte)'"', .. Enumerable.Repeat((byte)'x', bytes - 2), (byte)'"'];

    /// <summary>The same publishes, resumes and polls for every limit.</summary>
    private sealed class Run(Random random, long limit)
    {
        /// <summary>What a message takes at most.</summary>
        public const int MostBytes = 20_000;

        private const int Steps = 120;
        private static readonly string[] Addresses = ["a", "b", "c", "d"];

        public double Evicted { get; private set; }

        public double HeldBytes { get; private set; }

        /// <returns>All that was read, in order; ids as places in the order of all.</returns>
        public async Task<List<int>> PlayAsync()
        {
            using var metrics = new Metrics();
            var store = new ScriptedStore(new MemoryStore(new ManualTimeProvider()));
            await using var host = Create(store, limit, metrics.AddTo);
            var connection = host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
            foreach (var address in Addresses)
            {
                await connection.SubscribeAsync(address).Within();
            }

            var published = new List<(long Id, string Address)> { (0, "") };
            var seen = new List<int>();
            for (var step = 0; step < Steps; step++)
            {
                var address = Addresses[random.Next(Addresses.Length)];
                var after = published[random.Next(published.Count)].Id;
                var later = published.Count(message => message.Address == address && message.Id > after);
                switch (random.Next(8))
                {
                    case 0 when later > 0:
                        seen.AddRange((await ResumeAsync(host, address, after, random.Next(1, later + 1))).Select(Place));
                        break;
                    case 1 when later > 0:
                        seen.Add(Place((await host.Channels.PollAsync(address, new(after)).AsTask().Within()).Message!.Id));
                        break;
                    default:
                        var draft = new MessageDraft(Payload(random.Next(2, MostBytes - 256)));
                        published.Add(((await host.Channels.PublishAsync(address, draft).Within()).Id, address));
                        break;
                }
            }

            // Whoever was there all the time got everything.
            for (var i = 1; i < published.Count; i++)
            {
                seen.Add(Place(await NextAsync(connection)));
            }

            (Evicted, HeldBytes) = (metrics["channels.tail.evicted"], metrics["channels.tail.bytes"]);
            await connection.DisposeAsync();
            return seen;

            int Place(long id) => published.FindIndex(message => message.Id == id);
        }
    }
}
