using System.Text.Json;

namespace Channels.AspNetCore.Bayeux;

/// <summary>Opens sessions. Source: docs/protocols/bayeux.md#handshake</summary>
internal sealed class BayeuxHandshakes(BayeuxServices services, BayeuxTransport transport)
{
    private static readonly string[] WithoutJsonp = ["websocket", "long-polling"];
    private static readonly string[] WithJsonp = [.. WithoutJsonp, "callback-polling"];

    private string[] ConnectionTypes => services.Options.AllowJsonp ? WithJsonp : WithoutJsonp;

    public async ValueTask<BayeuxReply> AnswerAsync(BayeuxMessage message)
    {
        if (!message.HasValidId())
        {
            return Refuse(message, BayeuxErrors.MessageIdInvalid);
        }

        if (CheckConnectionTypes(message) is { } error)
        {
            return Refuse(message, error);
        }

        // Counted before the token is looked at, so that guesses count.
        var remote = transport.Http.Connection.RemoteIpAddress?.ToString();
        if (!services.Limiter.TryAcquire(new(BayeuxDefaults.HandshakeLimit, ChannelCaller.Anonymous, services.Options.Instance, Remote: remote), out var retryAfter))
        {
            return Refuse(message, BayeuxErrors.Throttled, new("handshake", retryAfter));
        }

        var caller = await services.Callers.FindAsync(transport.Http, message.Ext.Token(), transport.AllowsAmbientIdentity);
        if (caller is null)
        {
            return Refuse(message, BayeuxErrors.HandshakeDenied);
        }

        var browser = BayeuxCookies.Read(services.Options, transport.Http.Request);
        var acknowledges = message.Ext.AsksForAcknowledgement();
        if (browser is null && transport.Socket is null)
        {
            browser = BayeuxCookies.Issue(services.Options, transport.Http);
        }

        var session = await services.TryOpenAsync(caller, acknowledges, browser);
        if (session is null)
        {
            return Refuse(message, BayeuxErrors.Busy, services.Advice);
        }

        session.Attend(await services.Presence.JoinAsync(session.Connection, message.Ext.UserName(), transport.Http.RequestAborted));
        transport.Socket?.Rebind(session);
        return new(message, Advice: services.Advice)
        {
            ClientId = session.Queue.Id,
            ConnectionTypes = ConnectionTypes,
            Acknowledges = acknowledges,
        };
    }

    private BayeuxReply Refuse(BayeuxMessage message, string error, BayeuxAdvice? advice = null) =>
        new(message, error, advice ?? BayeuxAdvice.None) { ConnectionTypes = ConnectionTypes };

    private string? CheckConnectionTypes(BayeuxMessage message)
    {
        var types = message.ConnectionTypes;
        if (types.Kind != JsonTokenType.StartArray)
        {
            return BayeuxErrors.ConnectionTypesMissing;
        }

        var reader = new Utf8JsonReader(types.Json.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String && IsServed(ref reader))
            {
                return null;
            }

            reader.Skip();
        }

        return BayeuxErrors.ConnectionTypesUnsupported;
    }

    private bool IsServed(ref Utf8JsonReader reader)
    {
        foreach (var type in ConnectionTypes)
        {
            if (reader.ValueTextEquals(type))
            {
                return true;
            }
        }

        return false;
    }
}
