using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano.Native;

/// <summary>Publishing by servers in any language, to any address. Source: docs/protocols/native.md#server-publish</summary>
internal sealed class NativeMessages(SyncanoServices services)
{
    public async ValueTask<JsonAnswer?> PublishAsync(SyncanoCall call)
    {
        if (await call.EnterAsync() is { } refusal)
        {
            return refusal;
        }

        if (!SyncanoCallers.IsServer(call.Caller))
        {
            return SyncanoErrors.Forbidden;
        }

        if ((call.CheckBody() ?? RefuseForm(call)) is { } unreadable)
        {
            return unreadable;
        }

        var errors = new FieldErrors();
        var (address, draft) = new NativeReader(call.Body, errors).ReadMessage(call.Instance);
        if (errors.Any)
        {
            return errors.ToAnswer();
        }

        var (status, message) = await call.Channels.TryPublishAsync(address, draft, call.Aborted);
        if (services.Errors.From(status, address, services.Options.MaxPublishBytes) is { } refused)
        {
            return refused;
        }

        var success = status == PublishStatus.Duplicate ? StatusCodes.Status200OK : StatusCodes.Status201Created;
        await NativeWriter.AnswerPublishedAsync(call.Http, success, message!, call.Links);
        return null;
    }

    private static JsonAnswer? RefuseForm(SyncanoCall call) => call.Body.IsForm
        ? SyncanoErrors.From(BodyFields.Failed(BodyProblem.UnsupportedMediaType, call.Http.Request.ContentType ?? ""), limit: 0)
        : null;
}
