namespace Channels.AspNetCore.PushStream.Dashly;

/// <summary>Publishes what happens in Dashly.</summary>
public static class DashlyChannelsExtensions
{
    /// <summary>
    /// Publishes an event on every channel of its family: on the application's, where there is one, and on the user's, where there is one and a user
    /// is named. These are messages of their own, published together or not at all.
    /// </summary>
    /// <param name="channels">The engine.</param>
    /// <param name="what">What happened.</param>
    /// <param name="app">Number of the application.</param>
    /// <param name="user">Number of the user; needed where the family has only channels of users.</param>
    /// <param name="payload">One JSON value, UTF-8.</param>
    /// <param name="cancellationToken">Abandons the wait; the messages may still be published.</param>
    /// <returns>The messages, the application's first.</returns>
    /// <exception cref="ArgumentException">The event needs a user.</exception>
    /// <exception cref="ChannelPublishException">The messages were not published, or whether they were is unknown.</exception>
    public static async ValueTask<IReadOnlyList<ChannelMessage>> PublishDashlyAsync(
        this IChannels channels, DashlyEvent what, long app, long? user, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channels);
        var family = DashlyFamilies.Of(what);
        var draft = new MessageDraft(payload);
        List<AddressedDraft> drafts = [];
        if (family.HasApp)
        {
            drafts.Add(new(family.OfApp(app), draft));
        }

        if (family.HasUser && user is { } number)
        {
            drafts.Add(new(family.OfUser(app, number), draft));
        }

        if (drafts.Count == 0)
        {
            throw new ArgumentException($"{what} happens to a user.", nameof(user));
        }

        var results = await channels.TryPublishManyAsync(drafts, cancellationToken);
        for (var i = 0; i < results.Count; i++)
        {
            if (!results[i].Succeeded && results[i].Status != PublishStatus.NotAttempted)
            {
                throw new ChannelPublishException(results[i].Status, drafts[i].Address);
            }
        }

        return [.. results.Select(result => result.Message!)];
    }
}
