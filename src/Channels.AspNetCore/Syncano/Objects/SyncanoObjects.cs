using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Channels.AspNetCore.Syncano.Objects;

/// <summary>Data objects as resources. The order of the checks is docs/protocols/syncano.md#order-of-checks</summary>
internal sealed class SyncanoObjects(SyncanoServices services)
{
    public async ValueTask<JsonAnswer?> ListAsync(SyncanoCall call)
    {
        var (refusal, found) = await EnterAsync(call);
        if (refusal is not null)
        {
            return refusal;
        }

        if (SyncanoPaging.TryRead(call.Query) is not { } paging)
        {
            var none = await call.Objects.ListAsync(call.ClassName, new() { Limit = 0 }, call.Aborted);
            return services.Errors.From(none.Status) ?? SyncanoErrors.BadPage;
        }

        var (status, objects) = await call.Objects.ListAsync(call.ClassName, paging.ToListQuery(), call.Aborted);
        if (services.Errors.From(status) is { } forbidden)
        {
            return forbidden;
        }

        var page = paging.Backwards == true ? [.. objects.Reverse()] : objects;
        var links = paging.LinksOf(call.Links.Objects(call.ClassName), page, static value => value.Id);
        return SyncanoObjectWriter.List(page, found!, links, call.Links, FieldFilter.Of(call.Query));
    }

    public async ValueTask<JsonAnswer?> GetAsync(SyncanoCall call)
    {
        var (refusal, found) = await EnterAsync(call);
        if (refusal is not null)
        {
            return refusal;
        }

        var result = await call.Objects.GetAsync(call.ClassName, IdOf(call), call.Aborted);
        return services.Errors.From(result.Status)
            ?? SyncanoObjectWriter.Object(StatusCodes.Status200OK, result.Value!, found!, call.Links, FieldFilter.Of(call.Query));
    }

    public ValueTask<JsonAnswer?> CreateAsync(SyncanoCall call) => ChangeAsync(
        call, StatusCodes.Status201Created, static (call, draft) => call.Objects.CreateAsync(call.ClassName, draft, call.Aborted));

    public ValueTask<JsonAnswer?> UpdateAsync(SyncanoCall call) => ChangeAsync(
        call, StatusCodes.Status200OK, static (call, draft) => call.Objects.UpdateAsync(call.ClassName, IdOf(call), draft, call.Aborted));

    public async ValueTask<JsonAnswer?> DeleteAsync(SyncanoCall call)
    {
        var (refusal, _) = await EnterAsync(call);
        if (refusal is not null)
        {
            return refusal;
        }

        var result = await call.Objects.DeleteAsync(call.ClassName, IdOf(call), call.Aborted);
        return services.Errors.From(result.Status) ?? new JsonAnswer(StatusCodes.Status204NoContent);
    }

    /// <summary>The parent is looked for before the caller.</summary>
    private static async ValueTask<(JsonAnswer? Refusal, ObjectClass? Class)> EnterAsync(SyncanoCall call) =>
        await call.FindClassAsync() is { } found ? (await call.EnterAsync(), found) : (SyncanoErrors.ClassNotFound, null);

    private async ValueTask<JsonAnswer?> ChangeAsync(SyncanoCall call, int success, Func<SyncanoCall, ObjectDraft, ValueTask<ObjectResult>> change)
    {
        var (refusal, found) = await EnterAsync(call);
        if (refusal is not null)
        {
            return refusal;
        }

        var errors = new FieldErrors();
        var draft = SyncanoObjectReader.Read(call.Body, found!, errors);
        var result = await change(call, draft);
        var mismatch = result is { Status: ObjectStatus.RevisionMismatch, Value.Revision: var actual }
            ? SyncanoErrors.RevisionMismatch(draft.ExpectedRevision ?? 0, actual)
            : null;
        ObjectProblemTexts.AddTo(errors, result.Problems, draft, found!, call.Body);
        var invalid = call.CheckBody() ?? (errors.Any ? errors.ToAnswer() : null);
        return services.Errors.From(result.Status, invalid, mismatch)
            ?? SyncanoObjectWriter.Object(success, result.Value!, found!, call.Links);
    }

    private static long IdOf(SyncanoCall call) => QueryValues.TryReadInteger(call.Http.GetRouteValue("id") as string, out var id) ? id : 0;
}
