namespace Channels.AspNetCore.Bayeux;

/// <summary>Publishes what clients send. Source: docs/protocols/bayeux.md#publish</summary>
internal sealed class BayeuxPublishing(BayeuxServices services)
{
    public async ValueTask<BayeuxReply> PublishAsync(
        BayeuxMessage message, BayeuxChannel channel, BayeuxSession session, CancellationToken cancellationToken)
    {
        if (!message.Data.Exists)
        {
            return new(message, BayeuxErrors.DataMissing);
        }

        switch (channel.Kind)
        {
            case BayeuxChannelKind.Pattern:
                return new(message, BayeuxErrors.ChannelInvalid);
            case BayeuxChannelKind.Service:
                // Nobody is listening here; the client is told that it arrived.
                return new(message);
        }

        var address = await services.Addresses.FindAsync(channel, cancellationToken);
        var (status, _) = await services.Channels.As(session.Caller).TryPublishAsync(address, DraftOf(message, channel, session), cancellationToken);
        return new(message, BayeuxErrors.From(status));
    }

    private MessageDraft DraftOf(BayeuxMessage message, BayeuxChannel channel, BayeuxSession session) => new(message.Data.Json)
    {
        Attributes = BayeuxExtras.Of(message),
        ExcludedConnection = services.Silent.Contains(channel.Name) ? session.Connection.Id : null,
    };
}
