using System.Diagnostics.Metrics;

namespace Channels.AspNetCore.Connections;

/// <summary>Instruments of all sessions; tags never name a session.</summary>
internal sealed class SessionMetrics
{
    private readonly UpDownCounter<long> _active;
    private readonly UpDownCounter<long> _attached;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _takenOver;
    private readonly UpDownCounter<long> _remembered;

    public SessionMetrics(IMeterFactory? meters = null)
    {
        var options = new MeterOptions(ChannelsDiagnostics.MeterName);
        var meter = meters is null ? new Meter(options) : meters.Create(options);
        _active = meter.CreateUpDownCounter<long>("channels.sessions.active", "{session}", "Sessions by protocol.");
        _attached = meter.CreateUpDownCounter<long>("channels.sessions.attached", "{transport}", "Transports attached to sessions, held polls included, by protocol.");
        _ended = meter.CreateCounter<long>("channels.sessions.ended", "{session}", "Sessions ended, by protocol and reason.");
        _refused = meter.CreateCounter<long>("channels.sessions.refused", "{session}", "Sessions that were not opened, by protocol and reason.");
        _takenOver = meter.CreateCounter<long>("channels.sessions.taken_over", "{takeover}", "Transports that a newer one replaced, by protocol.");
        _remembered = meter.CreateUpDownCounter<long>("channels.sessions.remembered", "{session}", "Ended sessions whose clients are still told why, by protocol.");
    }

    public void Opened(string protocol) => _active.Add(1, Protocol(protocol));

    public void Attached(string protocol, int change) => _attached.Add(change, Protocol(protocol));

    public void Ended(string protocol, SessionEnd end) => _ended.Add(1, Protocol(protocol), Reason(end.ToString()));

    public void Finished(string protocol) => _active.Add(-1, Protocol(protocol));

    public void Refused(string protocol, SessionOpening opening) => _refused.Add(1, Protocol(protocol), Reason(opening.ToString()));

    public void TakenOver(string protocol) => _takenOver.Add(1, Protocol(protocol));

    public void Remembered(string protocol, int change) => _remembered.Add(change, Protocol(protocol));

    private static KeyValuePair<string, object?> Protocol(string protocol) => new("protocol", protocol);

    private static KeyValuePair<string, object?> Reason(string reason) => new("reason", reason);
}
