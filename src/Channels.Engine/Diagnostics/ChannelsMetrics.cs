using System.Diagnostics.Metrics;

namespace Channels.Engine;

/// <summary>All instruments; tags never name a channel or a user.</summary>
internal sealed class ChannelsMetrics
{
    private readonly Counter<long> _published;
    private readonly Histogram<double> _publishDuration;
    private readonly Counter<long> _delivered;
    private readonly Histogram<double> _deliveryLag;
    private readonly UpDownCounter<long> _connections;
    private readonly Counter<long> _connectionsClosed;
    private readonly UpDownCounter<long> _subscriptions;
    private readonly UpDownCounter<long> _members;
    private readonly UpDownCounter<long> _overloaded;
    private readonly Counter<long> _eventsFailed;
    private readonly Counter<long> _eventsDropped;
    private readonly UpDownCounter<long> _pollsParked;
    private readonly Counter<long> _pollsEnded;
    private readonly Counter<long> _resumes;
    private readonly Counter<long> _readersLagging;
    private readonly Histogram<double> _appendDuration;
    private readonly Histogram<int> _appendBatch;
    private readonly Counter<long> _storeErrors;
    private readonly Counter<long> _limitsReached;
    private readonly Counter<long> _rulesFailed;
    private readonly Counter<long> _objectsChanged;
    private readonly Counter<long> _expired;
    private readonly UpDownCounter<long> _tailBytes;
    private readonly Counter<long> _tailEvicted;

    public ChannelsMetrics(IMeterFactory? meters = null)
    {
        var options = new MeterOptions(ChannelsDiagnostics.MeterName);
        var meter = meters is null ? new Meter(options) : meters.Create(options);
        _published = meter.CreateCounter<long>("channels.messages.published", "{message}", "Publishes by outcome.");
        _publishDuration = meter.CreateHistogram<double>("channels.publish.duration", "s", "Time from publish to its answer.");
        _delivered = meter.CreateCounter<long>("channels.messages.delivered", "{message}", "Messages read by connections and polls.");
        _deliveryLag = meter.CreateHistogram<double>("channels.delivery.lag", "s", "Age of the first message that a waiting connection reads.");
        _connections = meter.CreateUpDownCounter<long>("channels.connections.active", "{connection}", "Open connections by protocol.");
        _connectionsClosed = meter.CreateCounter<long>("channels.connections.closed", "{connection}", "Connections ended, by protocol and reason.");
        _subscriptions = meter.CreateUpDownCounter<long>("channels.subscriptions.active", "{subscription}", "Attached addresses and patterns.");
        _overloaded = meter.CreateUpDownCounter<long>("channels.overload.active", "{engine}", "1 while the engine has more to do than it manages.");
        _eventsFailed = meter.CreateCounter<long>("channels.events.failed", "{event}", "Events whose handler threw an exception.");
        _eventsDropped = meter.CreateCounter<long>("channels.events.dropped", "{event}", "Events that a handler missed because it fell behind.");
        _members = meter.CreateUpDownCounter<long>("channels.members.active", "{member}", "Members present, all addresses together.");
        _pollsParked = meter.CreateUpDownCounter<long>("channels.polls.parked", "{poll}", "Polls that wait.");
        _pollsEnded = meter.CreateCounter<long>("channels.polls.ended", "{poll}", "Polls that waited, by how they ended.");
        _resumes = meter.CreateCounter<long>("channels.resumes.started", "{resume}", "Reads from a cursor, complete or behind a gap.");
        _readersLagging = meter.CreateCounter<long>("channels.readers.lagging", "{reader}", "Readers that lagged more than permitted, by policy.");
        _appendDuration = meter.CreateHistogram<double>("channels.append.duration", "s", "Time of one commit.");
        _appendBatch = meter.CreateHistogram<int>("channels.append.batch_size", "{message}", "Messages of one commit.");
        _storeErrors = meter.CreateCounter<long>("channels.store.errors", "{error}", "Failed operations of the store.");
        _limitsReached = meter.CreateCounter<long>("channels.limits.reached", "{refusal}", "Refusals by limit.");
        _rulesFailed = meter.CreateCounter<long>("channels.rules.failed", "{error}", "Channel rules that threw an exception.");
        _objectsChanged = meter.CreateCounter<long>("channels.objects.changed", "{object}", "Changes of data objects by operation and outcome.");
        _expired = meter.CreateCounter<long>("channels.messages.expired", "{message}", "Messages removed because they expired.");
        _tailBytes = meter.CreateUpDownCounter<long>("channels.tail.bytes", "By", "Memory of the messages that active addresses hold for their readers.");
        _tailEvicted = meter.CreateCounter<long>("channels.tail.evicted", "{message}", "Messages that active addresses let go of for the sake of others.");
    }

    public bool TimesPublish => _publishDuration.Enabled || _published.Enabled;

    public bool TimesAppend => _appendDuration.Enabled || _appendBatch.Enabled;

    public bool TimesDelivery => _deliveryLag.Enabled;

    public void Published(PublishStatus status, TimeSpan duration)
    {
        var outcome = KeyValuePair.Create<string, object?>("outcome", status.ToString());
        _published.Add(1, outcome);
        _publishDuration.Record(duration.TotalSeconds, outcome);
    }

    public void Delivered(long messages) => _delivered.Add(messages);

    public void DeliveryLag(TimeSpan lag) => _deliveryLag.Record(Math.Max(0, lag.TotalSeconds));

    public void ConnectionOpened(string protocol) => _connections.Add(1, Protocol(protocol));

    public void ConnectionClosed(string protocol, ConnectionEnd reason)
    {
        _connections.Add(-1, Protocol(protocol));
        _connectionsClosed.Add(1, Protocol(protocol), KeyValuePair.Create<string, object?>("reason", reason.ToString()));
    }

    public void Subscribed(int change) => _subscriptions.Add(change);

    public void OverloadChanged(int change) => _overloaded.Add(change);

    public void EventFailed() => _eventsFailed.Add(1);

    public void EventDropped() => _eventsDropped.Add(1);

    public void MembersChanged(int change) => _members.Add(change);

    public void PollParked() => _pollsParked.Add(1);

    public void PollEnded(PollOutcome? outcome)
    {
        _pollsParked.Add(-1);
        _pollsEnded.Add(1, KeyValuePair.Create<string, object?>("outcome", outcome?.ToString() ?? "Disconnected"));
    }

    public void Resumed(bool complete) => _resumes.Add(1, KeyValuePair.Create<string, object?>("outcome", complete ? "complete" : "gap"));

    public void ReaderLagged(SlowReaderPolicy policy) => _readersLagging.Add(1, KeyValuePair.Create<string, object?>("policy", policy.ToString()));

    public void Appended(int messages, TimeSpan duration)
    {
        _appendDuration.Record(duration.TotalSeconds);
        _appendBatch.Record(messages);
    }

    public void StoreFailed(string operation) => _storeErrors.Add(1, KeyValuePair.Create<string, object?>("operation", operation));

    public void LimitReached(string limit) => _limitsReached.Add(1, KeyValuePair.Create<string, object?>("limit", limit));

    public void RuleFailed() => _rulesFailed.Add(1);

    public void ObjectChanged(string operation, ObjectStatus status) => _objectsChanged.Add(
        1, KeyValuePair.Create<string, object?>("operation", operation), KeyValuePair.Create<string, object?>("outcome", status.ToString()));

    public void Expired(int messages) => _expired.Add(messages);

    public void TailChanged(long bytes) => _tailBytes.Add(bytes);

    public void TailEvicted(long messages) => _tailEvicted.Add(messages);

    private static KeyValuePair<string, object?> Protocol(string protocol) => new("protocol", protocol);
}
