using System.Text.Json;

namespace Channels.AspNetCore.Pusher.Clients;

/// <summary>Events that clients send to each other. Source: docs/protocols/pusher.md#client-events</summary>
internal sealed partial class PusherClient
{
    private const int Rejected = 4301;

    private async ValueTask SendEventAsync(PusherFrame frame)
    {
        if (!App.Options.ClientEvents)
        {
            Refuse(Rejected, "To send client events, you must enable this feature in the settings of the app");
        }
        else if (!App.TryParse(frame.Channel, out var channel) || !channel.NeedsSignature)
        {
            Refuse(Rejected, "Client event rejected: only supported on private and presence channels");
        }
        else if (!_subscriptions.TryGetValue(channel.Name, out var subscription))
        {
            Refuse(null, $"Cannot broadcast client event (connection not subscribed to channel {channel.Name})");
        }
        else if (frame.Event.Length > App.Limits.MaxEventNameLength)
        {
            Refuse(Rejected, $"Client event name exceeds the allowed maximum ({App.Limits.MaxEventNameLength} characters)");
        }
        else if (frame.Data.Json.Length > App.Limits.MaxEventBytes)
        {
            Refuse(Rejected, $"Client event data exceeds the allowed maximum ({App.Limits.MaxEventBytes} bytes)");
        }
        else if (!_services.Limiter.TryAcquire(new(App.EventsPolicy, _caller, App.Instance, subscription.Address, SocketId), out _))
        {
            Refuse(Rejected, PusherErrors.RateLimit);
        }
        else if (PusherErrors.ForClientEvent(await PublishAsync(frame, subscription)) is { } refusal)
        {
            Refuse(Rejected, refusal);
        }
    }

    private async ValueTask<PublishStatus> PublishAsync(PusherFrame frame, PusherSubscription subscription)
    {
        var draft = new MessageDraft(frame.Data.Kind == JsonTokenType.None ? "null"u8.ToArray() : frame.Data.Json)
        {
            Event = frame.Event,
            Transient = true,
            ExcludedConnection = SocketId,
            Attributes = new() { FromClient = true, SenderMember = subscription.MemberId },
        };
        var result = await _services.Channels.As(subscription.Caller).TryPublishAsync(subscription.Address, draft, _connection.Ended);
        return result.Status;
    }
}
