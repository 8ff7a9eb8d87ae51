namespace Channels.Engine;

/// <summary>One client. Reads through its positions in the addresses' tails; a wake-up is all that publishing costs it.</summary>
internal sealed partial class ChannelConnection : Deadline, IChannelConnection
{
    private readonly ChannelsEngine _engine;
    private readonly EngineContext _context;
    private readonly ConnectionOptions _options;
    private readonly Lock _gate = new();
    private ReaderSet _readers;
    private AddressReader? _only;
    private AddressMerge? _merge;
    private PatternSubscription[] _patterns = [];
    private PresenceReader[] _presence = [];
    private Instance? _instance;
    private volatile ChannelCaller _caller;
    private CancellationTokenSource? _ended;
    private int _end;

    public ChannelConnection(ChannelsEngine engine, EngineContext context, long number, string id, ConnectionOptions options)
    {
        _since = context.Time.GetUtcNow();
        Number = number;
        _engine = engine;
        _context = context;
        _options = options;
        _caller = options.Caller;
        Id = id;
    }

    public string Id { get; }

    public Func<ConnectionQueue>? Held { get; set; }

    public ChannelCaller Caller => _caller;

    public string Protocol => _options.Protocol;

    public SlowReaderPolicy SlowReader => _options.SlowReader;

    public long MaxLagMessages => _options.MaxLagMessages;

    public long MaxLagBytes => _options.MaxLagBytes;

    public ConnectionEnd End => (ConnectionEnd)Volatile.Read(ref _end);

    public CancellationToken Ended
    {
        get
        {
            // Made when it is wanted: most connections end without anybody having asked.
            var ended = Volatile.Read(ref _ended);
            if (ended is null)
            {
                ended = new();
                ended = Interlocked.CompareExchange(ref _ended, ended, null) ?? ended;
            }

            if (End != ConnectionEnd.None)
            {
                _ = ended.CancelAsync();
            }

            return ended.Token;
        }
    }

    /// <summary>Begins to count the time of the caller's leave; called once the engine knows the connection, which it may end at once.</summary>
    public void Start()
    {
        if (Caller.ExpiresAt is { } expiry)
        {
            _context.Deadlines.Add(this, expiry - _context.Time.GetUtcNow());
            if (End != ConnectionEnd.None)
            {
                _context.Deadlines.Remove(this);
            }
        }
    }

    public ValueTask<SubscribeResult> SubscribeAsync(ChannelAddress address, SubscribeFrom from, CancellationToken cancellationToken) =>
        SubscribeAsync(Caller, address, from, cancellationToken);

    public async ValueTask<SubscribeResult> SubscribeAsync(
        ChannelCaller caller, ChannelAddress address, SubscribeFrom from, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (!MaySubscribe(caller, address.Instance, address, out var throttled))
        {
            return throttled;
        }

        var (status, instance) = Enter(address.Instance);
        if (instance is null)
        {
            return new(status);
        }

        await instance.Log.OpenAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var decision = await instance.Guard
                .AuthorizeAsync(caller, address, ChannelOperations.Subscribe, allRooms: false, cancellationToken).ConfigureAwait(false);
            if (decision.Status != AccessStatus.Allowed)
            {
                return new(decision.Status);
            }

            var start = await instance.Log.FindStartAsync(decision.Address, from, cancellationToken).ConfigureAwait(false);
            if (instance.Log.TryAttach(this, caller, decision, start, out var result))
            {
                Wake();
                return result;
            }
        }
    }

    public bool Unsubscribe(ChannelAddress address)
    {
        var reader = Find(address) ?? Find(address with { Room = null });
        return reader is not null && Release(reader, owner: null);
    }

    public void Close(ConnectionEnd end) => TryClose(end);

    public void CloseAsTooSlow()
    {
        if (TryClose(ConnectionEnd.TooSlow))
        {
            Lagged();
        }
    }

    /// <summary>Counts that it lagged more than permitted.</summary>
    public void Lagged() => _context.Metrics.ReaderLagged(SlowReader);

    public override void OnDue() => Close(ConnectionEnd.CallerExpired);

    public ValueTask DisposeAsync()
    {
        Close(ConnectionEnd.Closed);
        return default;
    }

    /// <summary>Adds a reader that the log attached; called under the dispatcher's lock.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="replaced">The reader whose place it takes, if any.</param>
    /// <returns>Whether the connection is open and has room for it.</returns>
    public bool TryAdd(AddressReader reader, AddressReader? replaced)
    {
        lock (_gate)
        {
            if (End != ConnectionEnd.None || (reader.Owner is null && replaced is null or { Owner: not null } && !HasRoom_NeedsLock()))
            {
                return false;
            }

            var count = _readers.Count;
            _readers.Set(reader);
            _context.Metrics.Subscribed(_readers.Count - count);
            Show_NeedsLock(reader);
            return true;
        }
    }

    /// <summary>Says that an address has something, or has changed. While there has only been one, it is looked at anyway.</summary>
    public void Mark(AddressReader reader) => Volatile.Read(ref _merge)?.Mark(reader);

    /// <summary>Makes what a pattern had attached a subscription of its own; called under the dispatcher's lock.</summary>
    public bool TryOwn(AddressReader reader, ChannelCaller caller)
    {
        lock (_gate)
        {
            if (End != ConnectionEnd.None || !_readers.Contains(reader) || !HasRoom_NeedsLock())
            {
                return false;
            }

            reader.Owner?.GiveUp(reader.Feed.Address);
            reader.Owner = null;
            reader.Caller = caller;
            reader.Resume();
            return true;
        }
    }

    public AddressReader? Find(ChannelAddress address)
    {
        lock (_gate)
        {
            return _readers.Find(address);
        }
    }

    private AddressReader[] AllReaders()
    {
        lock (_gate)
        {
            return [.. _readers.All];
        }
    }

    /// <summary>Detaches a reader that has ended or was refused; called under the dispatcher's lock.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="isRefused">Whether its pattern was refused, which is nothing to it if the address was subscribed by itself meanwhile.</param>
    /// <returns>Whether it was attached.</returns>
    public bool TryDetach(AddressReader reader, bool isRefused)
    {
        lock (_gate)
        {
            if ((isRefused && reader.Owner is null) || !TryRemove_NeedsLock(reader))
            {
                return false;
            }
        }

        Removed(reader);
        return true;
    }

    /// <summary>Detaches a reader for its owner; it stays for a pattern that matches it too.</summary>
    /// <returns>Whether the reader was the owner's.</returns>
    private bool Release(AddressReader reader, PatternSubscription? owner)
    {
        lock (_gate)
        {
            if (reader.Owner != owner || !_readers.Contains(reader))
            {
                return false;
            }

            if (Array.Find(_patterns, other => other.Pattern.Matches(reader.Feed.Address)) is { } pattern)
            {
                pattern.TakeOver(reader);
                return true;
            }

            TryRemove_NeedsLock(reader);
        }

        Removed(reader);
        return true;
    }

    /// <summary>Lets the reading side see a new position.</summary>
    private void Show_NeedsLock(AddressReader reader)
    {
        if (_merge is null && _readers.Count == 1)
        {
            Volatile.Write(ref _only, reader);
            return;
        }

        if (_merge is null)
        {
            // Only then all are marked: a message that came before and found no merge to be marked in is found now.
            Volatile.Write(ref _merge, new());
            foreach (var other in _readers.All)
            {
                Mark(other);
            }
        }

        Mark(reader);
    }

    private bool TryRemove_NeedsLock(AddressReader reader)
    {
        if (!_readers.Remove(reader))
        {
            return false;
        }

        Interlocked.CompareExchange(ref _only, null, reader);
        return true;
    }

    private void Removed(AddressReader reader)
    {
        reader.Stop();
        reader.Feed.Remove(reader);
        _context.Metrics.Subscribed(-1);
        Wake();
    }

    private bool TryClose(ConnectionEnd end)
    {
        if (Interlocked.CompareExchange(ref _end, (int)end, (int)ConnectionEnd.None) != (int)ConnectionEnd.None)
        {
            return false;
        }

        _context.Deadlines.Remove(this);
        PatternSubscription[] patterns;
        AddressReader[] readers;
        PresenceReader[] presence;
        lock (_gate)
        {
            (presence, _presence) = (_presence, []);
            (patterns, _patterns) = (_patterns, []);
            readers = [.. _readers.All];
            _readers = default;
            _only = null;
        }

        if (presence.Length > 0)
        {
            _instance!.Log.End(presence, end is ConnectionEnd.Revoked or ConnectionEnd.CallerExpired ? TimeSpan.Zero : _options.PresenceGrace);
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
        _engine.Registry.Remove(this);
        Tell(ChannelEventKinds.ConnectionClosed);
        Wake();
        // Its task keeps what the registered callbacks throw: on a bare pool thread that would end the process.
        _ = Volatile.Read(ref _ended)?.CancelAsync();

        return true;
    }

    /// <summary>Ids of different instances are not comparable, so that a connection stays with the first one it uses.</summary>
    private (AccessStatus Status, Instance? Instance) Enter(string name)
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

    private bool MaySubscribe(ChannelCaller caller, string instance, ChannelAddress? address, out SubscribeResult throttled)
    {
        throttled = default;
        if (caller.Kind == CallerKind.Host
            || _context.Limiter.TryAcquire(new(ChannelLimits.Subscribe, caller, instance, address, Id), out var retryAfter))
        {
            return true;
        }

        throttled = new(AccessStatus.Throttled) { RetryAfter = retryAfter };
        return false;
    }

    private bool HasRoom_NeedsLock()
    {
        var used = _patterns.Length + _readers.All.Count(reader => reader.Owner is null);
        if (used < _context.Options.MaxSubscriptions)
        {
            return true;
        }

        _context.Metrics.LimitReached("subscriptions");
        return false;
    }
}
