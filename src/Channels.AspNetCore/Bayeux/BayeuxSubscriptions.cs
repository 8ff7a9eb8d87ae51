using System.Text.Json;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Bayeux;

/// <summary>Subscribes and unsubscribes; a list wholly or not at all. Source: docs/protocols/bayeux.md#subscribe</summary>
internal sealed class BayeuxSubscriptions(BayeuxServices services)
{
    public async ValueTask<BayeuxReply> SubscribeAsync(BayeuxMessage message, BayeuxSession session, CancellationToken cancellationToken)
    {
        if (Read(message.Subscription, out var channels) is { } unreadable)
        {
            return new(message, unreadable);
        }

        var added = new List<BayeuxChannel>();
        foreach (var channel in channels)
        {
            if (await SubscribeAsync(session, channel, added, cancellationToken) is { } refusal)
            {
                foreach (var undone in added)
                {
                    await UnsubscribeAsync(session, undone, cancellationToken);
                }

                return new(message, refusal);
            }
        }

        return new(message);
    }

    public async ValueTask<BayeuxReply> UnsubscribeAsync(BayeuxMessage message, BayeuxSession session, CancellationToken cancellationToken)
    {
        if (Read(message.Subscription, out var channels) is { } unreadable)
        {
            return new(message, unreadable);
        }

        foreach (var channel in channels)
        {
            await UnsubscribeAsync(session, channel, cancellationToken);
        }

        return new(message);
    }

    private static string? Read(in BodyField field, out List<BayeuxChannel> channels)
    {
        channels = [];
        if (!field.Exists || field.IsNull)
        {
            return BayeuxErrors.SubscriptionMissing;
        }

        var reader = new Utf8JsonReader(field.Json.Span);
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return TryAdd(ref reader, channels) ? null : BayeuxErrors.SubscriptionInvalid;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return BayeuxErrors.SubscriptionInvalid;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String || !TryAdd(ref reader, channels))
            {
                return BayeuxErrors.SubscriptionInvalid;
            }
        }

        return channels.Count > 0 ? null : BayeuxErrors.SubscriptionMissing;
    }

    private static bool TryAdd(ref Utf8JsonReader reader, List<BayeuxChannel> channels)
    {
        string? text;
        try
        {
            text = reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate.
            return false;
        }

        if (!BayeuxChannel.TryParse(text, out var channel) || channel.Name.Length > ChannelAddress.MaxNameLength)
        {
            return false;
        }

        channels.Add(channel);
        return true;
    }

    private async ValueTask<string?> SubscribeAsync(
        BayeuxSession session, BayeuxChannel channel, List<BayeuxChannel> added, CancellationToken cancellationToken)
    {
        switch (channel.Kind)
        {
            case BayeuxChannelKind.Meta:
                return BayeuxErrors.SubscribeDenied;
            case BayeuxChannelKind.Service:
                // Nothing is ever distributed there.
                return null;
        }

        var address = await services.Addresses.FindAsync(channel, cancellationToken);
        var (access, _) = channel.Kind == BayeuxChannelKind.Pattern
            ? await SubscribePatternAsync(session, channel, cancellationToken)
            : await session.Connection.SubscribeAsync(address, SubscribeFrom.Now, cancellationToken);
        if (access == AccessStatus.Allowed && session.Add(channel, address))
        {
            added.Add(channel);
        }

        return BayeuxErrors.From(access);
    }

    private async ValueTask<SubscribeResult> SubscribePatternAsync(BayeuxSession session, BayeuxChannel channel, CancellationToken cancellationToken)
    {
        if (!ChannelPattern.TryParse(channel.Name, out var pattern))
        {
            return new(AccessStatus.InvalidAddress);
        }

        if (!await services.Access.MayLookAsync(session.Caller, channel.Name, cancellationToken))
        {
            return new(AccessStatus.Forbidden);
        }

        return await session.Connection.SubscribePatternAsync(pattern, services.Options.Instance, cancellationToken);
    }

    private async ValueTask UnsubscribeAsync(BayeuxSession session, BayeuxChannel channel, CancellationToken cancellationToken)
    {
        var address = await services.Addresses.FindAsync(channel, cancellationToken);
        if (!session.Remove(channel, address))
        {
            return;
        }

        if (ChannelPattern.TryParse(channel.Name, out var pattern))
        {
            session.Connection.UnsubscribePattern(pattern, services.Options.Instance);
        }
        else
        {
            session.Connection.Unsubscribe(address);
        }
    }
}
