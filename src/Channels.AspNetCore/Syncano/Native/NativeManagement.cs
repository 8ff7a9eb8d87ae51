using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Channels.AspNetCore.Syncano.Native;

/// <summary>Who is connected and who is where. Source: docs/rest-api.md#management</summary>
internal sealed class NativeManagement(SyncanoServices services)
{
    public async ValueTask<JsonAnswer?> ListConnectionsAsync(SyncanoCall call)
    {
        if (await EnterAsAdminAsync(call, AdminRole.Read) is { } refusal)
        {
            return refusal;
        }

        if (ManagementPaging.TryRead(call.Query, "user", "protocol", "channel", "room") is not { } paging)
        {
            return SyncanoErrors.BadPage;
        }

        var page = services.Connections.List(new()
        {
            Instance = call.Instance,
            UserId = call.Query.Last("user"),
            Protocol = call.Query.Last("protocol"),
            Address = call.Query.Last("channel") is { } channel ? new(channel, call.Query.Last("room"), call.Instance) : null,
            AfterId = paging.After,
            Limit = paging.Size,
        });
        var links = page is { HasMore: true, Connections.Count: > 0 } ? paging.Next(call.Links.Connections, page.Connections[^1].Id) : default;
        return SyncanoWriter.Page(page.Connections, links, ManagementWriter.WriteConnection);
    }

    public async ValueTask<JsonAnswer?> DisconnectAsync(SyncanoCall call)
    {
        if (await EnterAsAdminAsync(call, AdminRole.Full) is { } refusal)
        {
            return refusal;
        }

        var id = call.Http.GetRouteValue("id") as string ?? "";
        return services.Connections.Find(id) is { } found
            && string.Equals(found.Instance, call.Instance, StringComparison.Ordinal)
            && await services.Connections.DisconnectAsync(id, call.Aborted)
                ? new JsonAnswer(StatusCodes.Status204NoContent)
                : SyncanoErrors.NotFound;
    }

    public async ValueTask<JsonAnswer?> ListMembersAsync(SyncanoCall call)
    {
        if (await call.EnterAsync() is { } refusal)
        {
            return refusal;
        }

        if (ManagementPaging.TryRead(call.Query, "room") is not { } paging)
        {
            return SyncanoErrors.BadPage;
        }

        // As for servers that publish, names keep their case here.
        var name = call.Http.GetRouteValue("channel") as string ?? "";
        var address = new ChannelAddress(name, call.Query.Last("room"), call.Instance);
        var page = await call.Channels.Presence.ListAsync(address, paging.After, paging.Size, call.Aborted);
        if (services.Errors.From(page.Access, address) is { } refused)
        {
            return refused;
        }

        var links = page is { HasMore: true, Members.Count: > 0 } ? paging.Next(call.Links.Presence(name), page.Members[^1].Id) : default;
        return ManagementWriter.Members(page, links);
    }

    public async ValueTask<JsonAnswer?> ListOccupancyAsync(SyncanoCall call)
    {
        if (await EnterAsAdminAsync(call, AdminRole.Read) is { } refusal)
        {
            return refusal;
        }

        if (ManagementPaging.TryRead(call.Query, "prefix") is not { } paging)
        {
            return SyncanoErrors.BadPage;
        }

        ChannelAddress? after = paging.After is { } channel ? new(channel, call.Query.Last("after_room"), call.Instance) : null;
        var page = await call.Channels.In(call.Instance).Presence
            .ListOccupiedAsync(call.Query.Last("prefix") ?? "", after, paging.Size, call.Aborted);
        if (services.Errors.From(page.Access, default) is { } refused)
        {
            return refused;
        }

        var links = page is { HasMore: true, Addresses: [.., var last] }
            ? paging.Next(call.Links.Occupancy, last.Address.Channel, last.Address.Room)
            : default;
        return SyncanoWriter.Page(page.Addresses, links, ManagementWriter.WriteOccupancy);
    }

    private static async ValueTask<JsonAnswer?> EnterAsAdminAsync(SyncanoCall call, AdminRole role) =>
        await call.EnterAsync() ?? (call.Caller is { Kind: CallerKind.Admin } admin && admin.Role >= role ? null : SyncanoErrors.Forbidden);
}
