using System.Collections.Concurrent;

namespace Channels.Engine;

/// <summary>The engine: one for each service provider. Starts by first use and ends with <see cref="Dispose"/>, with or without a host.</summary>
internal sealed class ChannelsEngine : IAsyncDisposable, IDisposable
{
    private readonly EngineContext _context;
    private readonly IChannelDirectory _directory;
    private readonly TemplateSet _templates;
    private readonly ConcurrentDictionary<string, Instance> _instances = new(StringComparer.Ordinal);
    private readonly ITimer _ticker;
    private volatile bool _isDisposed;

    public ChannelsEngine(EngineContext context, IChannelDirectory directory, TemplateSet templates)
    {
        _context = context;
        Load = new(context);
        Publisher = new(this, context);
        _directory = directory;
        _templates = templates;
        var interval = context.Options.PositionCheckInterval;
        using (ExecutionContext.SuppressFlow())
        {
            _ticker = context.Time.CreateTimer(static engine => ((ChannelsEngine)engine!).Tick(), this, interval, interval);
        }
    }

    public IChannelDirectory Directory => _directory;

    public LoadMonitor Load { get; }

    public Publisher Publisher { get; }

    public ConnectionRegistry Registry { get; } = new();

    /// <summary>Whether readers are being sent away; publishing still works.</summary>
    public bool IsDraining => _context.IsDraining;

    public bool IsDisposed => _isDisposed;

    /// <summary>Finds an instance; it is made when it is used for the first time.</summary>
    public Instance? Find(string? name)
    {
        if (name is null)
        {
            return null;
        }

        if (_instances.TryGetValue(name, out var instance))
        {
            return instance;
        }

        return _directory.InstanceExists(name)
            ? _instances.GetOrAdd(name, static (key, self) => new(key, self._context, self._templates), this)
            : null;
    }

    public IChannelConnection? TryOpen(ConnectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var connection = IsDraining
            ? null
            : Registry.TryAdd(_context.Options.MaxConnections, (number, id) => new(this, _context, number, id, options));
        if (connection is null)
        {
            _context.Metrics.LimitReached(IsDraining ? "draining" : "connections");
            return null;
        }

        _context.Metrics.ConnectionOpened(options.Protocol);
        connection.Tell(ChannelEventKinds.ConnectionOpened);
        connection.Start();
        if (IsDraining)
        {
            connection.Close(ConnectionEnd.Draining);
        }

        return connection;
    }

    /// <summary>Ends everything that a caller still does.</summary>
    /// <param name="chosen">Which callers.</param>
    public void Revoke(Func<ChannelCaller, bool> chosen)
    {
        // First those who end as a whole, so that their clients are not told of each subscription before.
        foreach (var connection in Registry.ToArray())
        {
            if (chosen(connection.Caller))
            {
                connection.Close(ConnectionEnd.Revoked);
            }
        }

        foreach (var instance in _instances.Values)
        {
            instance.Log.Revoke(chosen);
        }
    }

    /// <summary>Sends all readers away: polls at once, connections spread over the drain time.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        _context.StartDraining();
        EndPolls();
        var connections = Registry.ToArray();
        const int Steps = 20;
        var perStep = Math.Max(100, (connections.Length + Steps - 1) / Steps);
        for (var closed = 0; closed < connections.Length; closed += perStep)
        {
            if (closed > 0 && !cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(_context.Options.DrainTime / Steps, _context.Time, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            foreach (var connection in connections.AsSpan(closed, Math.Min(perStep, connections.Length - closed)))
            {
                connection.Close(ConnectionEnd.Draining);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return _context.SharedPresence?.EndAsync() ?? default;
    }

    /// <summary>Ends everything; a service provider without an asynchronous end works too.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _context.StartDraining();
        _ticker.Dispose();
        EndPolls();
        foreach (var connection in Registry.ToArray())
        {
            connection.Close(ConnectionEnd.Draining);
        }

        foreach (var instance in _instances.Values)
        {
            instance.Dispose();
        }

        _context.Dispose();
    }

    private void EndPolls()
    {
        foreach (var instance in _instances.Values)
        {
            instance.Log.Drain();
        }
    }

    /// <summary>A signal is only a wake-up, so the log is looked at on a timer too; other nodes may write to it.</summary>
    private void Tick()
    {
        LookAtLoad();
        _ = _context.SharedPresence?.RunAsync(_instances.Values);
        foreach (var instance in _instances.Values)
        {
            if (instance.Log.IsOpen)
            {
                _ = instance.Log.CheckAsync();
                instance.Log.ForgetIdle(_context.Options.TailIdle);
            }
        }
    }

    private void LookAtLoad()
    {
        var waiting = 0L;
        var lag = TimeSpan.Zero;
        foreach (var instance in _instances.Values)
        {
            var (bytes, age) = instance.Appends.Waiting;
            waiting = Math.Max(waiting, bytes);
            lag = TimeSpan.FromTicks(Math.Max(Math.Max(age.Ticks, instance.Log.Lag.Ticks), lag.Ticks));
        }

        Load.Look(waiting, lag, Registry.Count);
    }
}
