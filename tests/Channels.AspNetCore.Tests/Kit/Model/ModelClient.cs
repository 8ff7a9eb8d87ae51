namespace Channels.AspNetCore.Tests.Kit.Model;

/// <summary>One connection of a client, over a transport without a socket, until either side ends it.</summary>
internal sealed class ModelClient
{
    private readonly MemoryTransport _transport;
    private readonly PublishedLog _log;
    private readonly Lock _gate = new();
    private readonly List<ModelSubscription> _subscriptions = [];
    private readonly List<(string Channel, ModelItem Item)> _items = [];
    private TaskCompletionSource _mayRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _left;

    public ModelClient(IChannelConnection connection, MemoryTransport transport, PublishedLog log, Func<Stream, Task> serve)
    {
        Connection = connection;
        _transport = transport;
        _log = log;
        _mayRead.SetResult();
        Serving = Task.Run(() => serve(transport));
        Reading = Task.Run(ReadAsync);
    }

    public IChannelConnection Connection { get; }

    /// <summary>Completes when the client reads no more: it left, or the server closed.</summary>
    public Task Reading { get; }

    /// <summary>Completes when the server has let go of the connection.</summary>
    public Task Serving { get; }

    /// <summary>Whether it goes on receiving.</summary>
    public bool IsAlive => !_left && Connection.End == ConnectionEnd.None;

    /// <summary>What was ever subscribed.</summary>
    public IReadOnlyList<ModelSubscription> Subscriptions
    {
        get
        {
            lock (_gate)
            {
                return [.. _subscriptions];
            }
        }
    }

    /// <summary>What is subscribed now.</summary>
    public IReadOnlyList<ModelSubscription> Open => [.. Subscriptions.Where(subscription => subscription.IsOpen)];

    /// <summary>The last message that came of an open subscription, or where it started.</summary>
    public long LastSeen(ModelSubscription subscription)
    {
        lock (_gate)
        {
            return Math.Max(subscription.Start, _items.Where(entry => entry.Channel == subscription.Channel).Max(entry => (long?)entry.Item.Id) ?? 0);
        }
    }

    /// <summary>Nothing up to here is still to come of an open subscription.</summary>
    public long Reached(ModelSubscription subscription)
    {
        lock (_gate)
        {
            var told = _items.Where(entry => entry.Channel == subscription.Channel).Max(entry => entry.Item.Gap?.Oldest.Value) ?? 0;
            return Math.Max(told, LastSeen(subscription));
        }
    }

    public async Task SubscribeAsync(string channel, SubscribeFrom from)
    {
        var (access, position) = await Connection.SubscribeAsync(channel, from).Within();
        lock (_gate)
        {
            if (access == AccessStatus.Allowed)
            {
                _subscriptions.Add(new(channel, position.Value, from.Kind));
            }
        }
    }

    public void Unsubscribe(ModelSubscription subscription)
    {
        Connection.Unsubscribe(subscription.Channel);
        subscription.UnsubscribedAt = _log.Tick();
    }

    /// <summary>Stops reading.</summary>
    public void Pause()
    {
        lock (_gate)
        {
            if (_mayRead.Task.IsCompleted)
            {
                _mayRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    public void GoOn()
    {
        lock (_gate)
        {
            _mayRead.TrySetResult();
        }
    }

    /// <summary>Goes without a word.</summary>
    public void Leave()
    {
        _left = true;
        _transport.Leave();
        GoOn();
    }

    /// <summary>Compares what came with what was published.</summary>
    public void Check(IReadOnlyList<PublishedMessage> published, bool isWhole)
    {
        // Over all channels ids ascend, unless one was attached that starts in the past of the others.
        var ids = _items.Where(entry => entry.Item.Gap is null).Select(entry => entry.Item.Id).ToArray();
        Assert.True(ids.Distinct().Order().SequenceEqual(ids) || _subscriptions.Exists(known => known.From != SubscribeFromKind.Now), "Ids ascend.");
        foreach (var ofChannel in _subscriptions.GroupBy(subscription => subscription.Channel))
        {
            var due = published.Where(message => message.Channel == ofChannel.Key && message.Excluded != Connection.Id).ToArray();
            var items = _items.Where(entry => entry.Channel == ofChannel.Key).Select(entry => entry.Item).ToArray();
            var subscriptions = ofChannel.ToArray();
            for (var i = 0; i < subscriptions.Length; i++)
            {
                // One ends before the next one's start.
                var end = i + 1 < subscriptions.Length ? subscriptions[i + 1].Start : long.MaxValue;
                var from = i == 0 ? long.MinValue : subscriptions[i].Start;
                var own = items.Where(item => Place(item) > from && Place(item) <= end).ToArray();
                subscriptions[i].Check(due, own, isWhole && subscriptions[i].IsOpen);
            }
        }
    }

    private static long Place(ModelItem item) => item.Gap?.Oldest.Value ?? item.Id;

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                await Volatile.Read(ref _mayRead).Task;
                if (_left || await _transport.ReadFrameAsync() is not { } frame)
                {
                    return;
                }

                lock (_gate)
                {
                    _items.Add(ModelWire.Decode(frame));
                }
            }
        }
        catch (Exception exception) when (_left && exception is OperationCanceledException or EndOfStreamException)
        {
            // In the middle of a frame, perhaps.
        }
        finally
        {
            _transport.LetGo();
        }
    }
}
