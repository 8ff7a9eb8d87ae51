using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano;

/// <summary>Channels as resources. The order of the checks is docs/protocols/syncano.md#order-of-checks</summary>
internal sealed class SyncanoChannels(SyncanoServices services)
{
    public static async ValueTask<JsonAnswer?> ListAsync(SyncanoCall call)
    {
        if (await call.EnterAsync() is { } refusal)
        {
            return refusal;
        }

        if (SyncanoPaging.TryRead(call.Query) is not { } paging)
        {
            return SyncanoErrors.BadPage;
        }

        var channels = await call.Catalog.ListAsync(QueryOf(paging, call.Query), call.Aborted);
        var page = paging.Backwards == true ? [.. channels.Reverse()] : channels;
        var links = page.Count == 0
            ? paging.LinksOf(call.Links.Channels, 0, 0, 0)
            : paging.LinksOf(call.Links.Channels, page.Count, page[0].Sequence, page[^1].Sequence);
        return SyncanoChannelWriter.List(page, links, call.Links, FieldFilter.Of(call.Query));
    }

    public static async ValueTask<JsonAnswer?> GetAsync(SyncanoCall call)
    {
        if (await call.EnterAsync() is { } refusal)
        {
            return refusal;
        }

        var (status, channel) = await call.Catalog.GetAsync(call.ChannelName, call.Aborted);
        return Refuse(status) ?? SyncanoChannelWriter.Channel(StatusCodes.Status200OK, channel!, call.Links, FieldFilter.Of(call.Query));
    }

    public async ValueTask<JsonAnswer?> CreateAsync(SyncanoCall call)
    {
        if (await call.EnterAsync() is { } refusal)
        {
            return refusal;
        }

        if (!SyncanoCallers.IsServer(call.Caller))
        {
            return SyncanoErrors.Forbidden;
        }

        if (call.CheckBody() is { } unreadable)
        {
            return unreadable;
        }

        var errors = new FieldErrors();
        var edit = await ReadAsync(call, isNew: true, errors);
        if (errors.Any)
        {
            return errors.ToAnswer();
        }

        var (status, channel) = await call.Catalog.CreateAsync(edit.Create(), call.Aborted);
        return SyncanoErrors.From(status, edit.Group) ?? SyncanoChannelWriter.Channel(StatusCodes.Status201Created, channel!, call.Links);
    }

    public ValueTask<JsonAnswer?> ReplaceAsync(SyncanoCall call) => UpdateAsync(call, replacesPermissions: true);

    public ValueTask<JsonAnswer?> PatchAsync(SyncanoCall call) => UpdateAsync(call, replacesPermissions: false);

    public static async ValueTask<JsonAnswer?> DeleteAsync(SyncanoCall call)
    {
        if (await EnterChangeAsync(call) is { } refusal)
        {
            return refusal;
        }

        var status = await call.Catalog.DeleteAsync(call.ChannelName, call.Aborted);
        return Refuse(status) ?? new JsonAnswer(StatusCodes.Status204NoContent);
    }

    private static ChannelListQuery QueryOf(SyncanoPaging paging, IQueryCollection query)
    {
        // A page before the boundary is read away from it and then turned round.
        var newestFirst = (paging.NewestFirst == true) != (paging.Backwards == true);
        var boundary = paging.Backwards is null ? null : paging.Boundary;
        return new()
        {
            Limit = paging.Size,
            NewestFirst = newestFirst,
            After = newestFirst ? null : boundary,
            Before = newestFirst ? boundary : null,
            NamePrefix = query.Last("name__startswith"),
        };
    }

    private static JsonAnswer? Refuse(CatalogStatus status) =>
        status == CatalogStatus.Invalid ? SyncanoErrors.NotFound : SyncanoErrors.From(status, group: null);

    private async ValueTask<JsonAnswer?> UpdateAsync(SyncanoCall call, bool replacesPermissions)
    {
        if (await EnterChangeAsync(call) is { } refusal)
        {
            return refusal;
        }

        if (call.CheckBody() is { } unreadable)
        {
            return unreadable;
        }

        var errors = new FieldErrors();
        var edit = await ReadAsync(call, isNew: false, errors);
        if (errors.Any)
        {
            return errors.ToAnswer();
        }

        var (status, channel) = await call.Catalog.UpdateAsync(
            call.ChannelName, current => edit.Apply(current, replacesPermissions), call.Aborted);
        return SyncanoErrors.From(status, edit.Group) ?? SyncanoChannelWriter.Channel(StatusCodes.Status200OK, channel!, call.Links);
    }

    /// <summary>An unknown channel is told before the missing right to change it.</summary>
    private static async ValueTask<JsonAnswer?> EnterChangeAsync(SyncanoCall call)
    {
        if (await call.EnterAsync() is { } refusal)
        {
            return refusal;
        }

        var (status, _) = await call.HostCatalog.GetAsync(call.ChannelName, call.Aborted);
        return Refuse(status) ?? (SyncanoCallers.IsServer(call.Caller) ? null : SyncanoErrors.Forbidden);
    }

    private async ValueTask<ChannelEdit> ReadAsync(SyncanoCall call, bool isNew, FieldErrors errors)
    {
        var edit = SyncanoChannelReader.Read(call.Body, isNew, errors);
        if (edit.Group is { } group && !await services.Directory.GroupExistsAsync(call.Instance, group, call.Aborted))
        {
            errors.Add("group", SyncanoFieldReader.NoSuchGroup(group));
        }

        // The engine says this too, but all errors are told together.
        if (errors.Any && edit.Name is { } name && !errors.Has("name") && await IsStoredAsync(call, name))
        {
            errors.Add("name", "This field must be unique.");
        }

        return edit;
    }

    private static async ValueTask<bool> IsStoredAsync(SyncanoCall call, string name) =>
        await call.HostCatalog.GetAsync(name, call.Aborted) is { Status: CatalogStatus.Done, Channel.Version: > 0 };
}
