using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Channels.Engine;

/// <summary>
/// Exchanges members with other nodes through a store: renews this node's lease, writes what changed here, reads what changed elsewhere. Runs with the
/// engine's tick, one run at a time.
/// </summary>
internal sealed partial class SharedPresence(IPresenceStore store, EngineSettings settings, TimeProvider time, ChannelsMetrics metrics, ILogger<SharedPresence> logger)
{
    private const int Page = 512;
    private const int MostNews = 100_000;

    private readonly string _node = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private readonly ConcurrentQueue<PresenceNews> _news = new();
    private readonly Dictionary<string, long> _readThrough = new(StringComparer.Ordinal);
    private long _renewedAt;
    private int _running;
    private volatile bool _mustWriteAll = true;
    private volatile bool _hasEnded;

    /// <summary>Queues a change of this node; called under the dispatcher's lock, so in the order of the address.</summary>
    public void Tell(in ChannelAddress address, PresenceMember member, bool isPresent)
    {
        if (_mustWriteAll)
        {
            return;
        }

        if (_news.Count >= MostNews)
        {
            // The store is behind or away: then everything is written again instead.
            _mustWriteAll = true;
            _news.Clear();
            return;
        }

        _news.Enqueue(new(address, member, isPresent));
    }

    /// <summary>Exchanges what there is to exchange.</summary>
    public async Task RunAsync(IEnumerable<Instance> instances)
    {
        if (_hasEnded || Interlocked.Exchange(ref _running, 1) != 0)
        {
            return;
        }

        try
        {
            await RenewAsync().ConfigureAwait(false);
            await WriteAsync(instances).ConfigureAwait(false);
            foreach (var instance in instances)
            {
                if (instance.Log.IsOpen)
                {
                    await ReadAsync(instance).ConfigureAwait(false);
                }
            }
        }
#pragma warning disable CA1031 // a background tick goes on, whatever the store throws
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // What was written is unknown.
            _mustWriteAll = true;
            metrics.StoreFailed("presence");
            Log.ExchangeFailed(logger, exception);
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    /// <summary>Takes this node's members out of the store; whoever ends without it is found out by the lease.</summary>
    public async ValueTask EndAsync()
    {
        _hasEnded = true;
        try
        {
            await store.EndAsync(_node, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ChannelStoreException exception)
        {
            Log.ExchangeFailed(logger, exception);
        }
    }

    private async ValueTask RenewAsync()
    {
        var options = settings.Current;
        var now = time.GetTimestamp();
        if (!_mustWriteAll && time.GetElapsedTime(_renewedAt, now) < options.PresenceLease / 3)
        {
            return;
        }

        // The other nodes look once in an interval: with that they are right within the whole lease.
        var lease = options.PresenceLease - options.PositionCheckInterval;
        if (!await store.RenewAsync(_node, lease, CancellationToken.None).ConfigureAwait(false))
        {
            _mustWriteAll = true;
        }

        _renewedAt = now;
    }

    private async ValueTask WriteAsync(IEnumerable<Instance> instances)
    {
        if (_mustWriteAll)
        {
            await store.EndAsync(_node, CancellationToken.None).ConfigureAwait(false);
            await store.RenewAsync(_node, settings.Current.PresenceLease - settings.Current.PositionCheckInterval, CancellationToken.None).ConfigureAwait(false);
            _news.Clear();

            // In this order: a change from now on is queued, and what is read below has everything before.
            _mustWriteAll = false;
            foreach (var (address, member, _) in instances.SelectMany(instance => instance.Log.GetOwnMembers()))
            {
                await store.AddAsync(_node, address, member, CancellationToken.None).ConfigureAwait(false);
            }
        }

        while (!_mustWriteAll && _news.TryDequeue(out var news))
        {
            if (news.IsPresent)
            {
                await store.AddAsync(_node, news.Address, news.Member, CancellationToken.None).ConfigureAwait(false);
            }
            else
            {
                await store.RemoveAsync(_node, news.Address, news.Member.Id, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask ReadAsync(Instance instance)
    {
        PresenceSlice slice;
        do
        {
            slice = await store
                .ReadAfterAsync(instance.Name, _readThrough.GetValueOrDefault(instance.Name), Page, CancellationToken.None).ConfigureAwait(false);
            instance.Log.ApplyOthers(slice, _node);
            _readThrough[instance.Name] = slice.Through;
        }
        while (slice.Entries.Count == Page);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Exchanging members with other nodes failed; trying again at the next tick.", EventName = "ExchangeFailed")]
        public static partial void ExchangeFailed(ILogger logger, Exception exception);
    }
}
