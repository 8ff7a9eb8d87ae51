using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Channels.Engine;

/// <summary>One handler with a queue of its own, called by one loop.</summary>
internal sealed partial class EventHandler : IAsyncDisposable
{
    private readonly EventHub _hub;
    private readonly Func<ChannelEvent, CancellationToken, ValueTask> _handler;
    private readonly Channel<ChannelEvent> _queue;
    private readonly ChannelsMetrics _metrics;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public EventHandler(
        EventHub hub,
        ChannelEventKinds kinds,
        Func<ChannelEvent, CancellationToken, ValueTask> handler,
        int length,
        ChannelsMetrics metrics,
        ILogger logger)
    {
        _hub = hub;
        Kinds = kinds;
        _handler = handler;
        _metrics = metrics;
        _logger = logger;
        _queue = Channel.CreateBounded<ChannelEvent>(new BoundedChannelOptions(length) { SingleReader = true });
        using (ExecutionContext.SuppressFlow())
        {
            _running = Task.Run(RunAsync);
        }
    }

    public ChannelEventKinds Kinds { get; }

    /// <summary>Queues an event; never waits.</summary>
    public void Tell(ChannelEvent occurred)
    {
        if ((Kinds & occurred.Kind) != 0 && !_queue.Writer.TryWrite(occurred) && !_stop.IsCancellationRequested)
        {
            _metrics.EventDropped();
        }
    }

    public void Stop()
    {
        _hub.Remove(this);
        _ = _stop.CancelAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        await _running.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        try
        {
            await foreach (var occurred in _queue.Reader.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                await CallAsync(occurred).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // It shall end.
        }
    }

    private async ValueTask CallAsync(ChannelEvent occurred)
    {
        try
        {
            await _handler(occurred, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // a handler is the application's code: whatever it throws, the next event is told
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _metrics.EventFailed();
            Log.HandlerFailed(_logger, occurred.Kind, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A handler of {Kind} events threw an exception; the next event is told.", EventName = "HandlerFailed")]
        public static partial void HandlerFailed(ILogger logger, ChannelEventKinds kind, Exception exception);
    }
}
