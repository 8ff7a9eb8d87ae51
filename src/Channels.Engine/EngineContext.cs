using Microsoft.Extensions.Logging;

namespace Channels.Engine;

/// <summary>What every part of one engine shares.</summary>
internal sealed class EngineContext(
    IMessageStore messages,
    IChannelStore channels,
    EngineSettings settings,
    AccessPolicy policy,
    ChannelsMetrics metrics,
    TimeProvider time,
    ILoggerFactory loggers) : IDisposable
{
    private long _waitingBytes;

    public IMessageStore Messages { get; } = messages;

    public IChannelStore Channels { get; } = channels;

    public AccessPolicy Policy { get; } = policy;

    public ChannelsMetrics Metrics { get; } = metrics;

    public TimeProvider Time { get; } = time;

    public ILoggerFactory Loggers { get; } = loggers;

    public DeadlineQueue Deadlines { get; } = new(time);

    /// <summary>The settings in force; replaced as a whole by a reload.</summary>
    public ChannelsOptions Options => settings.Current;

    /// <summary>Polls that wait now, all instances together.</summary>
    public BoundedCount Polls { get; } = new();

    /// <summary>Whether the last commit failed.</summary>
    public bool AppendsFail { get; set; }

    /// <summary>Payload bytes that wait to be stored, all instances together.</summary>
    public long WaitingBytes => Interlocked.Read(ref _waitingBytes);

    public void AddWaitingBytes(long change) => Interlocked.Add(ref _waitingBytes, change);

    public void Dispose() => Deadlines.Dispose();
}
