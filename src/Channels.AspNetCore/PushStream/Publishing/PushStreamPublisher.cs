using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.PushStream.Publishing;

/// <summary>Publishing, looking at and deleting channels, as the application. Source: docs/protocols/pushstream.md#publishing</summary>
internal sealed class PushStreamPublisher(PushStreamServices services, PushStreamReports reports)
{
    public const string Methods = "GET, POST, PUT, DELETE";

    private readonly PushStreamCounts _counts = new(services);

    public Task InvokeAsync(HttpContext http) => services.Boundary.RunAsync(http, ServeAsync);

    private async Task ServeAsync(HttpContext http)
    {
        services.Cors.Apply(http);
        if (HttpMethods.IsOptions(http.Request.Method))
        {
            http.Response.ContentLength = 0;
            return;
        }

        await (PushStreamGate.Check(http) ?? await AnswerAsync(http)).WriteAsync(http);
    }

    private ValueTask<JsonAnswer> AnswerAsync(HttpContext http)
    {
        var method = http.Request.Method;
        if (HttpMethods.IsPost(method) || HttpMethods.IsPut(method))
        {
            return PublishAsync(http);
        }

        return HttpMethods.IsGet(method) ? ReadAsync(http)
            : HttpMethods.IsDelete(method) ? DeleteAsync(http)
            : new(PushStreamErrors.MethodNotAllowed(Methods));
    }

    private async ValueTask<JsonAnswer> PublishAsync(HttpContext http)
    {
        if (PushStreamPath.ReadNames(PushStreamQuery.IdOf(http.Request), services.Options, out var names) is { } refusal)
        {
            return refusal;
        }

        var body = await BodyReader.ReadAsync(http.Request, services.Options.MaxPublishBytes, http.RequestAborted);
        if (body is not { Length: > 0 })
        {
            return body is null ? PushStreamErrors.TooLarge : PushStreamErrors.EmptyPost;
        }

        if (PushStreamBody.Read(body, RequestTokens.Header(http.Request, "Event-Id"), RequestTokens.Header(http.Request, "Event-Type")) is not { } draft)
        {
            return PushStreamErrors.NotPublishable;
        }

        var drafts = new AddressedDraft[names.Count];
        for (var i = 0; i < drafts.Length; i++)
        {
            drafts[i] = new(await services.Names.ResolveAsync(names[i], http.RequestAborted), draft);
        }

        var results = await services.Channels.TryPublishManyAsync(drafts, http.RequestAborted);
        var refused = results.FirstOrDefault(result => !result.Succeeded && result.Status != PublishStatus.NotAttempted);
        return services.Errors.From(refused.Status) ?? await reports.OfAsync(http.Request, names, _counts, http.RequestAborted);
    }

    private async ValueTask<JsonAnswer> ReadAsync(HttpContext http) =>
        PushStreamPath.ReadNames(PushStreamQuery.IdOf(http.Request), services.Options, out var names) ?? await reports.OfAsync(http.Request, names, _counts, http.RequestAborted);

    private async ValueTask<JsonAnswer> DeleteAsync(HttpContext http)
    {
        if (PushStreamPath.ReadNames(PushStreamQuery.IdOf(http.Request), services.Options, out var names) is { } refusal)
        {
            return refusal;
        }

        var deleted = 0;
        foreach (var name in names)
        {
            deleted += await DeleteAsync(name, http.RequestAborted) == CatalogStatus.Done ? 1 : 0;
        }

        return deleted > 0
            ? new(StatusCodes.Status200OK) { Header = new(PushStreamErrors.ExplainHeader, "Channel deleted.") }
            : PushStreamErrors.NotFound;
    }

    /// <summary>Deletes a stored channel. What a template gives cannot be deleted for good: it loses its messages and readers, and is there again.</summary>
    private async ValueTask<CatalogStatus> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        var address = await services.Names.ResolveAsync(name, cancellationToken);
        var status = address.Room is null ? await services.Channels.Catalog.DeleteAsync(address.Channel, cancellationToken) : CatalogStatus.NotFound;
        return status == CatalogStatus.NotFound ? await services.Channels.Catalog.ClearAsync(address, cancellationToken) : status;
    }
}
