using Microsoft.Extensions.Logging;

namespace Channels.Engine;

/// <summary>The one load signal: looked at on the engine's tick, entered at one level and left at a lower one.</summary>
internal sealed partial class LoadMonitor(EngineContext context) : IChannelLoad
{
    private readonly ILogger _logger = context.Loggers.CreateLogger<LoadMonitor>();
    private double _level;
    private volatile bool _isOverloaded;

    public bool IsOverloaded => _isOverloaded;

    public double Level => Volatile.Read(ref _level);

    /// <summary>Takes note of how things are; called by one thread at a time.</summary>
    /// <param name="waitingBytes">The most payload bytes that wait to be stored in one instance.</param>
    /// <param name="lag">How long the oldest of them waits, or the log is ahead of the dispatcher.</param>
    /// <param name="connections">How many connections are open.</param>
    public void Look(long waitingBytes, TimeSpan lag, int connections)
    {
        var options = context.Options;
        var level = Math.Max(
            Math.Max((double)waitingBytes / options.MaxAppendQueueBytes, lag / options.OverloadLag),
            (double)connections / options.MaxConnections);
        Volatile.Write(ref _level, level);
        if (level >= options.OverloadEnter && !_isOverloaded)
        {
            _isOverloaded = true;
            context.Metrics.OverloadChanged(1);
            Log.Entered(_logger, level);
            context.Events.Report(context.Events.Now(ChannelEventKinds.OverloadEntered, ChannelAddress.DefaultInstance));
        }
        else if (level < options.OverloadLeave && _isOverloaded)
        {
            _isOverloaded = false;
            context.Metrics.OverloadChanged(-1);
            Log.Left(_logger, level);
            context.Events.Report(context.Events.Now(ChannelEventKinds.OverloadLeft, ChannelAddress.DefaultInstance));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The engine has more to do than it manages; load level {Level:F2}.", EventName = "OverloadEntered")]
        public static partial void Entered(ILogger logger, double level);

        [LoggerMessage(2, LogLevel.Information, "The engine manages again; load level {Level:F2}.", EventName = "OverloadLeft")]
        public static partial void Left(ILogger logger, double level);
    }
}
