using System.Diagnostics.Metrics;

namespace Channels.AspNetCore.Pusher;

/// <summary>Instruments of what only this front end does; tags never name an app, a channel or a receiver.</summary>
internal sealed class PusherMetrics
{
    private readonly Counter<long> _webhooks;
    private readonly Counter<long> _dropped;

    public PusherMetrics(IMeterFactory? meters = null)
    {
        var options = new MeterOptions(ChannelsDiagnostics.MeterName);
        var meter = meters is null ? new Meter(options) : meters.Create(options);
        _webhooks = meter.CreateCounter<long>("channels.webhooks.sent", "{request}", "Webhook requests by outcome.");
        _dropped = meter.CreateCounter<long>("channels.webhooks.dropped", "{event}", "Webhook events that were given up, by reason.");
    }

    public void Sent(bool accepted) => _webhooks.Add(1, new KeyValuePair<string, object?>("outcome", accepted ? "accepted" : "failed"));

    public void Dropped(int events, string reason) => _dropped.Add(events, new KeyValuePair<string, object?>("reason", reason));
}
