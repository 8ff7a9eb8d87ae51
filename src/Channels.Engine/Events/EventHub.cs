using Microsoft.Extensions.Logging;

namespace Channels.Engine;

/// <summary>Gives events to the handlers that want them. Telling costs a publisher a write to a queue, and nothing where nobody listens.</summary>
internal sealed class EventHub(TimeProvider time, EngineSettings settings, ChannelsMetrics metrics, ILoggerFactory loggers) : IChannelEvents
{
    private readonly Lock _gate = new();
    private readonly ILogger _logger = loggers.CreateLogger<EventHub>();
    private volatile EventHandler[] _handlers = [];
    private volatile ChannelEventKinds _wanted;

    /// <summary>Whether somebody wants events of a kind; asked before an event is made.</summary>
    public bool Wants(ChannelEventKinds kind) => (_wanted & kind) != 0;

    public IAsyncDisposable Subscribe(ChannelEventKinds kinds, Func<ChannelEvent, CancellationToken, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var added = new EventHandler(this, kinds, handler, settings.Current.EventQueueLength, metrics, _logger);
        Change(handlers => [.. handlers, added]);
        return added;
    }

    public void Report(ChannelEvent occurred)
    {
        ArgumentNullException.ThrowIfNull(occurred);
        if (!Wants(occurred.Kind))
        {
            return;
        }

        foreach (var handler in _handlers)
        {
            handler.Tell(occurred);
        }
    }

    /// <summary>Makes an event of what happened now.</summary>
    public ChannelEvent Now(ChannelEventKinds kind, string instance) => new(kind, instance, time.GetUtcNow());

    /// <summary>Makes an event of what happened now on an address.</summary>
    public ChannelEvent Now(ChannelEventKinds kind, in ChannelAddress address) =>
        new(kind, address.Instance, time.GetUtcNow()) { Address = address };

    public void Remove(EventHandler handler) => Change(handlers => [.. handlers.Where(other => other != handler)]);

    /// <summary>Ends all handlers, without waiting for those that are being called.</summary>
    public void Stop()
    {
        foreach (var handler in _handlers)
        {
            handler.Stop();
        }
    }

    private void Change(Func<EventHandler[], EventHandler[]> change)
    {
        lock (_gate)
        {
            _handlers = change(_handlers);
            _wanted = _handlers.Aggregate(ChannelEventKinds.None, static (kinds, handler) => kinds | handler.Kinds);
        }
    }
}
