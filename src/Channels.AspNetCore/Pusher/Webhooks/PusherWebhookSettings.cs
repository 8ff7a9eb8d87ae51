using Microsoft.Extensions.Logging;

namespace Channels.AspNetCore.Pusher.Webhooks;

/// <summary>What all receivers share.</summary>
/// <param name="Options">How webhooks are delivered.</param>
/// <param name="Clients">Makes the clients that deliver.</param>
/// <param name="Metrics">Counts.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Where failures are logged.</param>
internal sealed record PusherWebhookSettings(
    PusherWebhookDeliveryOptions Options, IHttpClientFactory Clients, PusherMetrics Metrics, TimeProvider Time, ILogger Logger);
