using Microsoft.Extensions.Logging;

namespace Channels.Engine;

/// <summary>What every part of one engine shares.</summary>
internal sealed class EngineContext(
    IMessageStore messages,
    IChannelStore channels,
    IDataObjectStore? objects,
    EngineSettings settings,
    AccessPolicy policy,
    ChannelsMetrics metrics,
    TimeProvider time,
    ILoggerFactory loggers) : IDisposable
{
    private long _waitingBytes;
    private long _appendFailedAt = long.MinValue;
    private long _pollsEnded;
    private volatile bool _isDraining;

    public IMessageStore Messages { get; } = messages;

    public IChannelStore Channels { get; } = channels;

    /// <exception cref="InvalidOperationException">The storage that was chosen keeps no objects.</exception>
    public IDataObjectStore Objects => objects ?? throw new InvalidOperationException(
        "The storage keeps no data objects. Register an IDataObjectStore, or choose a storage that has one, such as UseSqliteStorage().");

    public AccessPolicy Policy { get; } = policy;

    public ChannelsMetrics Metrics { get; } = metrics;

    public TimeProvider Time { get; } = time;

    public ILoggerFactory Loggers { get; } = loggers;

    /// <summary>What callers may do how often.</summary>
    public required IChannelLimiter Limiter { get; init; }

    /// <summary>The members of other nodes; none when this is the only one.</summary>
    public SharedPresence? SharedPresence { get; init; }

    public EventHub Events { get; } = new(time, settings, metrics, loggers);

    /// <summary>Readers that are to be continued, all instances together.</summary>
    public WakeQueue Woken { get; } = new();

    public DeadlineQueue Deadlines { get; } = new(time);

    /// <summary>The memory of all tails, all instances together.</summary>
    public TailBudget Tails { get; } = new(settings, metrics);

    /// <summary>The settings in force; replaced as a whole by a reload.</summary>
    public ChannelsOptions Options => settings.Current;

    /// <summary>Polls that wait now, all instances together.</summary>
    public BoundedCount Polls { get; } = new();

    /// <summary>How many waiting polls have ended so far.</summary>
    public long PollsEnded => Interlocked.Read(ref _pollsEnded);

    /// <summary>Whether readers are being sent away; publishing still works. Never turns back.</summary>
    public bool IsDraining => _isDraining;

    /// <summary>Timestamp of the last commit's failure; <see cref="long.MinValue"/> when it succeeded.</summary>
    public long AppendFailedAt
    {
        get => Volatile.Read(ref _appendFailedAt);
        set => Volatile.Write(ref _appendFailedAt, value);
    }

    /// <summary>Payload bytes that wait to be stored, all instances together.</summary>
    public long WaitingBytes => Interlocked.Read(ref _waitingBytes);

    public void StartDraining() => _isDraining = true;

    public void PollEnded()
    {
        Polls.Remove();
        Interlocked.Increment(ref _pollsEnded);
    }

    public void AddWaitingBytes(long change) => Interlocked.Add(ref _waitingBytes, change);

    public void Dispose()
    {
        Events.Stop();
        Deadlines.Dispose();
    }
}
