using System.Threading.Tasks.Sources;

namespace Channels.Engine;

/// <summary>One client. Reads through its positions in the addresses' tails; a wake-up is all that publishing costs it.</summary>
internal sealed class ChannelConnection : DeadlineQueue.Deadline, IChannelConnection, IValueTaskSource<bool>, IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Signaled = 1;
    private const int Waiting = 2;

    private readonly ChannelsEngine _engine;
    private readonly EngineContext _context;
    private readonly ConnectionOptions _options;
    private readonly Lock _gate = new();
    private readonly Lazy<CancellationTokenSource> _ended = new();
    private AddressReader[] _readers = [];
    private PatternSubscription[] _patterns = [];
    private Instance? _instance;
    private ManualResetValueTaskSourceCore<bool> _wait;
    private CancellationTokenRegistration _cancellation;
    private CancellationToken _waitToken;
    private int _signal;
    private int _end;
    private DateTimeOffset _now;
    private bool _wasIdle = true;

    public ChannelConnection(ChannelsEngine engine, EngineContext context, string id, ConnectionOptions options)
    {
        _engine = engine;
        _context = context;
        _options = options;
        Id = id;
        _now = context.Time.GetUtcNow();
        if (options.Caller.ExpiresAt is { } expiry)
        {
            context.Deadlines.Add(this, expiry - _now);
        }
    }

    public string Id { get; }

    public ChannelCaller Caller => _options.Caller;

    public string Protocol => _options.Protocol;

    public SlowReaderPolicy SlowReader => _options.SlowReader;

    public long MaxLagMessages => _options.MaxLagMessages;

    public long MaxLagBytes => _options.MaxLagBytes;

    public ConnectionEnd End => (ConnectionEnd)Volatile.Read(ref _end);

    public CancellationToken Ended
    {
        get
        {
            var token = _ended.Value.Token;
            if (End != ConnectionEnd.None)
            {
                _ended.Value.Cancel();
            }

            return token;
        }
    }

    public async ValueTask<SubscribeResult> SubscribeAsync(ChannelAddress address, SubscribeFrom from, CancellationToken cancellationToken)
    {
        var (status, instance) = Join(address.Instance);
        if (instance is null)
        {
            return new(status);
        }

        await instance.Log.OpenAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var decision = await instance.Guard
                .AuthorizeAsync(Caller, address, ChannelOperations.Subscribe, allRooms: false, cancellationToken).ConfigureAwait(false);
            if (decision.Status != AccessStatus.Allowed)
            {
                return new(decision.Status);
            }

            var start = await instance.Log.FindStartAsync(decision.Address, from, cancellationToken).ConfigureAwait(false);
            if (instance.Log.TryAttach(this, decision, start, out var result))
            {
                Wake();
                return result;
            }
        }
    }

    public async ValueTask<SubscribeResult> SubscribePatternAsync(ChannelPattern pattern, string instance, CancellationToken cancellationToken)
    {
        var (status, joined) = Join(instance);
        if (joined is null)
        {
            return new(status);
        }

        await joined.Log.OpenAsync(cancellationToken).ConfigureAwait(false);
        var subscription = new PatternSubscription(this, _context, joined, pattern);
        lock (_gate)
        {
            if (Array.Exists(_patterns, other => other.Pattern == pattern))
            {
                return new(AccessStatus.Allowed, new(joined.Log.Position));
            }

            if (End != ConnectionEnd.None || !HasRoom_NeedsLock())
            {
                return new(AccessStatus.LimitReached);
            }

            _patterns = [.. _patterns, subscription];
        }

        _context.Metrics.Subscribed(1);
        var position = joined.Log.Add(subscription);
        if (End != ConnectionEnd.None)
        {
            joined.Log.Remove(subscription);
        }

        return new(AccessStatus.Allowed, new(position));
    }

    public bool Unsubscribe(ChannelAddress address)
    {
        var reader = Array.Find(Volatile.Read(ref _readers), reader => reader.Feed.Address == address)
            ?? Array.Find(Volatile.Read(ref _readers), reader => reader.Feed.Address == address with { Room = null });
        return reader is not null && Detach(reader);
    }

    public bool UnsubscribePattern(ChannelPattern pattern, string instance)
    {
        PatternSubscription? subscription;
        lock (_gate)
        {
            subscription = Array.Find(_patterns, other => other.Pattern == pattern);
            _patterns = [.. _patterns.Where(other => other != subscription)];
        }

        if (subscription is null)
        {
            return false;
        }

        _instance!.Log.Remove(subscription);
        foreach (var reader in Volatile.Read(ref _readers).Where(reader => reader.Pattern == pattern))
        {
            Detach(reader);
        }

        _context.Metrics.Subscribed(-1);
        return true;
    }

    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (End != ConnectionEnd.None)
            {
                return new(false);
            }

            cancellationToken.ThrowIfCancellationRequested();
            Interlocked.Exchange(ref _signal, Idle);
            _now = _context.Time.GetUtcNow();
            switch (Look())
            {
                case ReaderState.Nothing:
                    _wasIdle = true;
                    if (TryPark(cancellationToken))
                    {
                        return new(this, _wait.Version);
                    }

                    break;
                case ReaderState.NeedsStore:
                    return LoadAsync(cancellationToken);
                default:
                    return new(true);
            }
        }
    }

    public bool TryRead(out Delivery delivery)
    {
        if (End == ConnectionEnd.None)
        {
            var readers = Volatile.Read(ref _readers);
            var state = readers.Length == 1 ? Next(readers[0], out delivery) : NextMerged(readers, out delivery);
            if (state is ReaderState.Message or ReaderState.Gap or ReaderState.Ended)
            {
                return true;
            }
        }

        delivery = default;
        return false;
    }

    /// <summary>Says that there may be something to read.</summary>
    public void Wake()
    {
        if (TrySignal())
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Says that there may be something to read; the reader may be woken together with others.</summary>
    public void Wake(ref WakeChunk.Builder chunk)
    {
        if (!TrySignal())
        {
            return;
        }

        if (_options.SharesWakeUps)
        {
            chunk.Add(this);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute() => Continue();

    /// <summary>Continues the reader that waited; called by whoever won its signal.</summary>
    public void Continue()
    {
        _cancellation.Dispose();
        _wait.SetResult(End == ConnectionEnd.None);
    }

    public void Close(ConnectionEnd end)
    {
        if (Interlocked.CompareExchange(ref _end, (int)end, (int)ConnectionEnd.None) != (int)ConnectionEnd.None)
        {
            return;
        }

        _context.Deadlines.Remove(this);
        PatternSubscription[] patterns;
        AddressReader[] readers;
        lock (_gate)
        {
            (patterns, _patterns) = (_patterns, []);
            (readers, _readers) = (_readers, []);
        }

        foreach (var pattern in patterns)
        {
            _instance!.Log.Remove(pattern);
        }

        foreach (var reader in readers)
        {
            reader.Stop();
            reader.Feed.Remove(reader);
        }

        _context.Metrics.Subscribed(-readers.Length - patterns.Length);
        _context.Metrics.ConnectionClosed(Protocol, end);
        _engine.Forget(this);
        Wake();
        if (_ended.IsValueCreated)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static ended => ended.Cancel(), _ended.Value, preferLocal: false);
        }
    }

    public void CloseAsTooSlow()
    {
        _context.Metrics.ReaderLagged(SlowReaderPolicy.Close);
        Close(ConnectionEnd.TooSlow);
    }

    public override void OnDue() => Close(ConnectionEnd.CallerExpired);

    public ValueTask DisposeAsync()
    {
        Close(ConnectionEnd.Closed);
        return default;
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        try
        {
            return _wait.GetResult(token);
        }
        finally
        {
            _wait.Reset();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    /// <summary>Adds a reader that the log attached; called under the dispatcher's lock.</summary>
    /// <returns>Whether the connection is open and has room for it.</returns>
    public bool TryAdd(AddressReader reader)
    {
        lock (_gate)
        {
            if (End != ConnectionEnd.None || (reader.Pattern is null && !HasRoom_NeedsLock()))
            {
                return false;
            }

            Volatile.Write(ref _readers, [.. _readers, reader]);
        }

        _context.Metrics.Subscribed(1);
        return true;
    }

    public AddressReader? Find(ChannelAddress address) =>
        Array.Find(Volatile.Read(ref _readers), reader => reader.Feed.Address == address);

    public bool Detach(AddressReader reader)
    {
        lock (_gate)
        {
            if (!_readers.Contains(reader))
            {
                return false;
            }

            Volatile.Write(ref _readers, [.. _readers.Where(other => other != reader)]);
        }

        reader.Stop();
        reader.Feed.Remove(reader);
        _context.Metrics.Subscribed(-1);
        Wake();
        return true;
    }

    /// <summary>Ids of different instances are not comparable, so that a connection stays with the first one it uses.</summary>
    private (AccessStatus Status, Instance? Instance) Join(string name)
    {
        if (_engine.Find(name) is not { } instance)
        {
            return (AccessStatus.InstanceNotFound, null);
        }

        var joined = Interlocked.CompareExchange(ref _instance, instance, null) ?? instance;
        return joined == instance
            ? (AccessStatus.Allowed, instance)
            : throw new ArgumentException($"The connection reads instance '{joined.Name}' and cannot read '{name}' too.", nameof(name));
    }

    private bool HasRoom_NeedsLock()
    {
        var used = _patterns.Length + _readers.Count(reader => reader.Pattern is null);
        if (used < _context.Options.MaxSubscriptions)
        {
            return true;
        }

        _context.Metrics.LimitReached("subscriptions");
        return false;
    }

    /// <summary>Finds out whether anything can be read, without reading it.</summary>
    private ReaderState Look()
    {
        var readers = Volatile.Read(ref _readers);
        var bound = Bound(readers);
        var found = ReaderState.Nothing;
        foreach (var reader in readers)
        {
            var state = reader.Peek(bound, _now, out _);
            if (state == ReaderState.NeedsStore)
            {
                return state;
            }

            found = state == ReaderState.Nothing ? found : state;
        }

        return found;
    }

    private async ValueTask<bool> LoadAsync(CancellationToken cancellationToken)
    {
        foreach (var reader in Volatile.Read(ref _readers))
        {
            if (reader.Peek(long.MaxValue, _now, out _) == ReaderState.NeedsStore)
            {
                await reader.LoadAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        return await WaitToReadAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Leaves the signal for a reader that is not waiting.</summary>
    /// <returns>Whether one waited, who must now be continued.</returns>
    private bool TrySignal()
    {
        while (true)
        {
            var signal = Volatile.Read(ref _signal);
            if (signal == Signaled)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _signal, signal == Idle ? Signaled : Idle, signal) == signal)
            {
                return signal == Waiting;
            }
        }
    }

    private bool TryPark(CancellationToken cancellationToken)
    {
        _waitToken = cancellationToken;
        _cancellation = cancellationToken.UnsafeRegister(static state => ((ChannelConnection)state!).CancelWait(), this);
        if (Interlocked.CompareExchange(ref _signal, Waiting, Idle) != Idle)
        {
            _cancellation.Dispose();
            return false;
        }

        if (cancellationToken.IsCancellationRequested || End != ConnectionEnd.None)
        {
            // Either may have come before the wait was visible; waking up looks again.
            Wake();
        }

        return true;
    }

    private void CancelWait()
    {
        if (Interlocked.CompareExchange(ref _signal, Idle, Waiting) == Waiting)
        {
            _wait.SetException(new OperationCanceledException(_waitToken));
        }
    }

    /// <summary>Everything up to here has reached every tail, unless a decision is still awaited.</summary>
    private long Bound(AddressReader[] readers)
    {
        var bound = readers.Length < 2 ? long.MaxValue : _instance!.Log.Position;
        foreach (var reader in readers)
        {
            if (reader.IsSuspended)
            {
                bound = Math.Min(bound, reader.Fence);
            }
        }

        return bound;
    }

    /// <summary>The next delivery of one address alone.</summary>
    private ReaderState Next(AddressReader reader, out Delivery delivery)
    {
        while (true)
        {
            var state = reader.Peek(long.MaxValue, _now, out var message);
            if (TryDeliver(reader, state, message, out delivery))
            {
                return state;
            }

            if (state != ReaderState.Message)
            {
                return state;
            }
        }
    }

    /// <summary>The next delivery over all addresses: the message with the lowest id, once nothing lower can come any more.</summary>
    private ReaderState NextMerged(AddressReader[] readers, out Delivery delivery)
    {
        var bound = Bound(readers);
        while (true)
        {
            AddressReader? first = null;
            ChannelMessage? lowest = null;
            foreach (var reader in readers)
            {
                var state = reader.Peek(bound, _now, out var message);
                if (state is ReaderState.NeedsStore or ReaderState.Gap or ReaderState.Ended)
                {
                    TryDeliver(reader, state, null, out delivery);
                    return state;
                }

                if (message is not null && (lowest is null || message.Id < lowest.Id))
                {
                    first = reader;
                    lowest = message;
                }
            }

            if (first is null)
            {
                delivery = default;
                return ReaderState.Nothing;
            }

            if (TryDeliver(first, ReaderState.Message, lowest, out delivery))
            {
                return ReaderState.Message;
            }
        }
    }

    /// <summary>Takes what a reader told and makes the delivery, unless this connection is excluded from it.</summary>
    private bool TryDeliver(AddressReader reader, ReaderState state, ChannelMessage? message, out Delivery delivery)
    {
        switch (state)
        {
            case ReaderState.Message:
                reader.Take(message!);
                delivery = new(DeliveryKind.Message, reader.Feed.Address, message);
                Count(message!);
                return !string.Equals(message!.ExcludedConnection ?? "", Id, StringComparison.Ordinal);
            case ReaderState.Gap:
                delivery = new(DeliveryKind.Gap, reader.Feed.Address, Gap: reader.Gap);
                reader.TakeGap();
                return true;
            case ReaderState.Ended:
                delivery = new(DeliveryKind.SubscriptionEnded, reader.Feed.Address, Reason: reader.EndReason);
                Detach(reader);
                return true;
            default:
                delivery = default;
                return false;
        }
    }

    private void Count(ChannelMessage message)
    {
        _context.Metrics.Delivered(1);
        if (_wasIdle)
        {
            _wasIdle = false;
            if (_context.Metrics.TimesDelivery)
            {
                _context.Metrics.DeliveryLag(_context.Time.GetUtcNow() - message.CreatedAt);
            }
        }
    }
}
