using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Channels.AspNetCore.Syncano;

/// <summary>Publishing and history. The order of the checks is docs/protocols/syncano.md#order-of-checks</summary>
internal sealed class SyncanoMessages(SyncanoServices services)
{
    public async ValueTask<JsonAnswer?> PublishAsync(SyncanoCall call)
    {
        if (await call.EnterAsync() is { } refusal)
        {
            return refusal;
        }

        var errors = new FieldErrors();
        var request = SyncanoReader.ReadPublish(call.Body, errors);
        if ((call.CheckBody() ?? (errors.Any ? errors.ToAnswer() : null)) is { } invalid)
        {
            return await CheckPublishAsync(call) ?? invalid;
        }

        var address = call.Address(request.Room);
        var (status, message) = await call.Channels.TryPublishAsync(address, new MessageDraft(request.Payload), call.Aborted);
        if (services.Errors.From(status, address, services.Options.MaxPublishBytes) is { } refused)
        {
            return refused;
        }

        await SyncanoWriter.AnswerStoredAsync(call.Http, message!, call.Links);
        return null;
    }

    public async ValueTask<JsonAnswer?> ListAsync(SyncanoCall call)
    {
        var (refusal, query) = await EnterHistoryAsync(call);
        if (refusal is not null)
        {
            return refusal;
        }

        if (SyncanoPaging.TryRead(call.Query) is not { } paging)
        {
            return await CheckReadAsync(call, query) ?? SyncanoErrors.BadPage;
        }

        var page = await call.Channels.ReadHistoryAsync(call.Address(query.Room), PageOf(paging, query), call.Aborted);
        if (services.Errors.From(page.Status, call.Address(query.Room)) is { } forbidden)
        {
            return forbidden;
        }

        var messages = paging.Backwards == true ? [.. page.Messages.Reverse()] : page.Messages;
        var path = call.Links.History(call.ChannelName);
        var links = messages.Count == 0
            ? paging.LinksOf(path, 0, 0, 0)
            : paging.LinksOf(path, messages.Count, messages[0].Id, messages[^1].Id);
        return SyncanoWriter.History(messages, links, call.Links, FieldFilter.Of(call.Query));
    }

    public async ValueTask<JsonAnswer?> GetAsync(SyncanoCall call)
    {
        var (refusal, query) = await EnterHistoryAsync(call);
        if (refusal is not null)
        {
            return refusal;
        }

        var isId = QueryValues.TryReadInteger(call.Http.GetRouteValue("id") as string, out var id) && id is > 0 and < long.MaxValue;
        var one = new HistoryQuery
        {
            Limit = 1,
            After = new(isId ? id - 1 : 0),
            Before = new(isId ? id + 1 : 0),
            AllRooms = query.AllRooms,
        };
        var page = await call.Channels.ReadHistoryAsync(call.Address(query.Room), one, call.Aborted);
        return services.Errors.From(page.Status, call.Address(query.Room)) ?? (page.Messages is [{ } message]
            ? SyncanoWriter.Stored(StatusCodes.Status200OK, message, call.Links, FieldFilter.Of(call.Query))
            : SyncanoErrors.NotFound);
    }

    private static HistoryQuery PageOf(SyncanoPaging paging, HistoryScope scope)
    {
        // A page before the boundary is read away from it and then turned round.
        var oldestFirst = (paging.NewestFirst == false) != (paging.Backwards == true);
        var after = Math.Max(scope.After ?? 0, oldestFirst ? paging.Boundary ?? 0 : 0);
        return new()
        {
            Limit = paging.Size,
            OldestFirst = oldestFirst,
            After = after > 0 ? new(after) : null,
            Before = oldestFirst || paging.Boundary is not { } boundary ? null : new(Math.Max(boundary, 0)),
            AllRooms = scope.AllRooms,
        };
    }

    /// <summary>The parent is looked for before the caller, and the room is asked for before the right to read it.</summary>
    private static async ValueTask<(JsonAnswer? Refusal, HistoryScope Scope)> EnterHistoryAsync(SyncanoCall call)
    {
        if (await call.FindParentAsync() is not { } channel)
        {
            return (SyncanoErrors.ChannelNotFound, default);
        }

        if (await call.EnterAsync() is { } refusal)
        {
            return (refusal, default);
        }

        var errors = new FieldErrors();
        var room = SyncanoReader.ReadRoom(call.Query, errors);
        if (errors.Any)
        {
            return (errors.ToAnswer(), default);
        }

        var seesAll = SyncanoCallers.SeesAllRooms(call.Caller);
        var lacksRoom = channel.Type == ChannelType.SeparateRooms && room is null && !seesAll;
        return lacksRoom
            ? (SyncanoErrors.RoomRequired, default)
            : (null, new(channel.Type == ChannelType.SeparateRooms ? room : null, seesAll, SyncanoReader.ReadListStart(call.Query)));
    }

    /// <summary>Missing rights are told before mistakes in the request.</summary>
    private async ValueTask<JsonAnswer?> CheckReadAsync(SyncanoCall call, HistoryScope scope)
    {
        var none = await call.Channels.ReadHistoryAsync(call.Address(scope.Room), new() { Limit = 0, AllRooms = scope.AllRooms }, call.Aborted);
        return services.Errors.From(none.Status, call.Address(scope.Room));
    }

    private async ValueTask<JsonAnswer?> CheckPublishAsync(SyncanoCall call)
    {
        var access = await call.Channels.CheckAccessAsync(call.Address(), ChannelOperations.Publish, call.Aborted);
        if (access != AccessStatus.RoomRequired && services.Errors.From(access, call.Address()) is { } refusal)
        {
            return refusal;
        }

        var (_, channel) = await call.HostCatalog.GetAsync(call.ChannelName, call.Aborted);
        return channel?.ClientsMayPublish == false ? SyncanoErrors.PublishDisabled : null;
    }

    /// <param name="Room">The room, if one counts.</param>
    /// <param name="AllRooms">Whether the caller sees all rooms.</param>
    /// <param name="After">Only messages with a greater id.</param>
    private readonly record struct HistoryScope(string? Room, bool AllRooms, long? After);
}
