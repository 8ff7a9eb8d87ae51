using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Pusher.Api;

/// <summary>Tells about channels. Source: docs/protocols/pusher.md#channel-queries</summary>
/// <param name="services">The front end.</param>
internal sealed class PusherChannels(PusherServices services)
{
    private const int PageSize = IChannelPresence.MaxLimit;

    /// <summary>Occupied channels.</summary>
    public async ValueTask<JsonAnswer> ListAsync(PusherCall call)
    {
        var prefix = call.Query("filter_by_prefix") ?? "";
        var info = PusherInfoReader.Read(call.Query("info"));
        if ((info & PusherInfo.UserCount) != 0 && !prefix.StartsWith(PusherChannel.PresencePrefix, StringComparison.Ordinal))
        {
            return PusherErrors.Invalid("user_count may only be requested for presence channels: filter_by_prefix must start with 'presence-'");
        }

        if ((info & PusherInfo.Cache) != 0)
        {
            return PusherErrors.Invalid("cache may only be requested for one channel");
        }

        var found = new List<KeyValuePair<string, PusherAttributes>>();
        ChannelAddress? after = null;
        while (found.Count < services.Options.MaxListedChannels)
        {
            var page = await call.Channels.Presence.ListOccupiedAsync(prefix, after, PageSize, call.Aborted);
            Collect(call.App, page, info, found);
            if (!page.HasMore)
            {
                break;
            }

            after = page.Addresses[^1].Address;
        }

        return PusherAnswers.Channels(found);
    }

    /// <summary>One channel, occupied or not.</summary>
    public async ValueTask<JsonAnswer> GetAsync(PusherCall call)
    {
        if (!call.App.TryParse(call.ChannelName, out var channel))
        {
            return InvalidName;
        }

        var info = PusherInfoReader.Read(call.Query("info"));
        if ((info & PusherInfo.UserCount) != 0 && channel.Kind != PusherChannelKind.Presence)
        {
            return PusherErrors.Invalid("user_count may only be requested for presence channels");
        }

        if ((info & PusherInfo.Cache) != 0 && !channel.IsCached)
        {
            return PusherErrors.Invalid("cache may only be requested for cache channels");
        }

        var address = await services.Addresses.ResolveAsync(call.App, channel.Name, call.Aborted);
        var count = await call.Channels.Presence.CountAsync(address, call.Aborted);
        PusherCachedEvent? cache = (info & PusherInfo.Cache) != 0 ? await services.Cache.FindAsync(address, call.Aborted) : null;
        return PusherAnswers.Channel(
            count.Subscriptions > 0 || count.Members > 0, PusherCounts.Select(channel, info, count.Subscriptions, count.Members), cache);
    }

    /// <summary>Users of a presence channel.</summary>
    public async ValueTask<JsonAnswer> ListUsersAsync(PusherCall call)
    {
        if (!call.App.TryParse(call.ChannelName, out var channel) || channel.Kind != PusherChannelKind.Presence)
        {
            return PusherErrors.Invalid("Users can only be retrieved for presence channels");
        }

        var address = await services.Addresses.ResolveAsync(call.App, channel.Name, call.Aborted);
        var members = new List<PresenceMember>();
        bool hasMore;
        do
        {
            var page = await call.Channels.Presence.ListAsync(address, members.Count == 0 ? null : members[^1].Id, PageSize, call.Aborted);
            members.AddRange(page.Members);
            hasMore = page.HasMore;
        }
        while (hasMore);

        return PusherAnswers.Users(members);
    }

    /// <summary>The older way to ask for one channel.</summary>
    public async ValueTask<JsonAnswer> GetStatsAsync(PusherCall call)
    {
        if (!call.App.TryParse(call.ChannelName, out var channel))
        {
            return InvalidName;
        }

        var address = await services.Addresses.ResolveAsync(call.App, channel.Name, call.Aborted);
        var count = await call.Channels.Presence.CountAsync(address, call.Aborted);
        return PusherAnswers.Channel(
            count.Subscriptions > 0 || count.Members > 0, PusherCounts.Select(channel, PusherInfo.UserCount, count.Subscriptions, count.Members), cache: null);
    }

    private static JsonAnswer InvalidName { get; } = PusherErrors.Invalid("Invalid channel name");

    /// <summary>What other front ends call by names that this wire cannot spell is not listed, nor are the channels of users.</summary>
    private static void Collect(PusherApp app, OccupancyPage page, PusherInfo info, List<KeyValuePair<string, PusherAttributes>> found)
    {
        foreach (var (address, subscriptions, members) in page.Addresses)
        {
            if (app.TryParse(PusherAddresses.NameOf(address), out var channel) && channel.Kind != PusherChannelKind.User)
            {
                found.Add(new(channel.Name, PusherCounts.Select(channel, info, subscriptions, members)));
            }
        }
    }
}
