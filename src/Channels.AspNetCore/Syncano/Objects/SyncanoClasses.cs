using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano.Objects;

/// <summary>Classes of data objects as resources. The order of the checks is docs/protocols/syncano.md#order-of-checks</summary>
internal sealed class SyncanoClasses(SyncanoServices services)
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

        var classes = await call.Objects.Classes.ListAsync(paging.ToListQuery(), call.Aborted);
        var page = paging.Backwards == true ? [.. classes.Reverse()] : classes;
        var links = paging.LinksOf(call.Links.Classes, page, static found => found.Sequence);
        return SyncanoClassWriter.List(page, links, call.Links, FieldFilter.Of(call.Query));
    }

    public static async ValueTask<JsonAnswer?> GetAsync(SyncanoCall call)
    {
        if (await call.EnterAsync() is { } refusal)
        {
            return refusal;
        }

        var (status, found) = await call.Objects.Classes.GetAsync(call.ClassName, call.Aborted);
        return SyncanoErrors.From(status, group: null)
            ?? SyncanoClassWriter.Class(StatusCodes.Status200OK, found!, call.Links, FieldFilter.Of(call.Query));
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

        var errors = new FieldErrors();
        var edit = await ReadAsync(call, isNew: true, errors);
        if ((call.CheckBody() ?? (errors.Any ? errors.ToAnswer() : null)) is { } invalid)
        {
            return invalid;
        }

        var (status, created) = await call.Objects.Classes.CreateAsync(edit.Create(), call.Aborted);
        return Refuse(status, edit) ?? SyncanoClassWriter.Class(StatusCodes.Status201Created, created!, call.Links);
    }

    public async ValueTask<JsonAnswer?> UpdateAsync(SyncanoCall call)
    {
        if (await EnterChangeAsync(call) is { } refusal)
        {
            return refusal;
        }

        var errors = new FieldErrors();
        var edit = await ReadAsync(call, isNew: false, errors);
        if ((call.CheckBody() ?? (errors.Any ? errors.ToAnswer() : null)) is { } invalid)
        {
            return invalid;
        }

        var (status, updated) = await call.Objects.Classes.UpdateAsync(call.ClassName, edit.Apply, call.Aborted);
        return Refuse(status, edit) ?? SyncanoClassWriter.Class(StatusCodes.Status200OK, updated!, call.Links);
    }

    public static async ValueTask<JsonAnswer?> DeleteAsync(SyncanoCall call)
    {
        if (await EnterChangeAsync(call) is { } refusal)
        {
            return refusal;
        }

        var status = await call.Objects.Classes.DeleteAsync(call.ClassName, call.Aborted);
        return SyncanoErrors.From(status, group: null) ?? new JsonAnswer(StatusCodes.Status204NoContent);
    }

    /// <summary>An unknown class is told before the missing right to change it.</summary>
    private static async ValueTask<JsonAnswer?> EnterChangeAsync(SyncanoCall call)
    {
        if (await call.EnterAsync() is { } refusal)
        {
            return refusal;
        }

        return await call.FindClassAsync() is null ? SyncanoErrors.NotFound
            : SyncanoCallers.IsServer(call.Caller) ? null
            : SyncanoErrors.Forbidden;
    }

    /// <summary>What the engine finds in a class that was read well is the name of a field.</summary>
    private static JsonAnswer? Refuse(CatalogStatus status, ClassEdit edit) => status == CatalogStatus.Invalid
        ? new FieldErrors().Add("schema", "Invalid schema: a name or target is not permitted.").ToAnswer()
        : SyncanoErrors.From(status, edit.Group);

    private async ValueTask<ClassEdit> ReadAsync(SyncanoCall call, bool isNew, FieldErrors errors)
    {
        var edit = SyncanoClassReader.Read(call.Body, isNew, errors);
        if (edit.Group is { } group && !await services.Directory.GroupExistsAsync(call.Instance, group, call.Aborted))
        {
            errors.Add("group", SyncanoFieldReader.NoSuchGroup(group));
        }

        return edit;
    }
}
