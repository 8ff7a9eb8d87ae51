using Channels.Engine;
using Microsoft.Extensions.Logging;

namespace Channels;

/// <summary>What a host does with the engine beside using it. With the generic host it happens by itself; without one, call it.</summary>
public sealed partial class ChannelsMaintenance
{
    private const int SweepStep = 1000;

    private readonly ChannelsEngine _engine;
    private readonly EngineContext _context;
    private readonly ILogger _logger;

    internal ChannelsMaintenance(ChannelsEngine engine, EngineContext context)
    {
        _engine = engine;
        _context = context;
        _logger = context.Loggers.CreateLogger<ChannelsMaintenance>();
    }

    /// <summary>Whether readers are being sent away.</summary>
    public bool IsDraining => _engine.IsDraining;

    /// <summary>Opens the store for every instance that the options name, so that a store that cannot be opened is known at start.</summary>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <exception cref="ChannelStoreException">The store could not be opened.</exception>
    public async ValueTask OpenAsync(CancellationToken cancellationToken = default)
    {
        IEnumerable<string> instances = _context.Options.Instances.Count > 0 ? _context.Options.Instances : [ChannelAddress.DefaultInstance];
        foreach (var name in instances)
        {
            if (_engine.Find(name) is { } instance)
            {
                await instance.Log.OpenAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Removes expired messages, in steps that do not hold up publishing.</summary>
    /// <param name="cancellationToken">Ends it between two steps.</param>
    /// <returns>How many messages were removed.</returns>
    /// <exception cref="ChannelStoreException">The store could not be written.</exception>
    public async ValueTask<int> SweepAsync(CancellationToken cancellationToken = default)
    {
        var removed = 0;
        int step;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            step = await _context.Messages.RemoveExpiredAsync(SweepStep, cancellationToken).ConfigureAwait(false);
            removed += step;
        }
        while (step >= SweepStep);

        _context.Metrics.Expired(removed);
        return removed;
    }

    /// <summary>Sends all readers away: waiting polls answer at once, connections end over the configured drain time. Publishing still works.</summary>
    /// <param name="cancellationToken">Ends the spreading: the rest is closed at once.</param>
    public Task DrainAsync(CancellationToken cancellationToken = default)
    {
        Log.Draining(_logger, _engine.Registry.Count);
        return _engine.DrainAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Draining {Connections} connections.", EventName = "Draining")]
        public static partial void Draining(ILogger logger, int connections);
    }
}
