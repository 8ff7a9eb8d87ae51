using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.PushStream.Publishing;

/// <summary>Numbers of channels: all in one, all of them, those with a prefix, or named ones. Source: docs/protocols/pushstream.md#statistics</summary>
internal sealed class PushStreamStatistics(PushStreamServices services, PushStreamReports reports)
{
    public const string Methods = "GET";

    private const string All = "ALL";

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

        var refusal = PushStreamGate.Check(http) ?? (HttpMethods.IsGet(http.Request.Method) ? null : PushStreamErrors.MethodNotAllowed(Methods));
        await (refusal ?? await AnswerAsync(http.Request, http.RequestAborted)).WriteAsync(http);
    }

    private async ValueTask<JsonAnswer> AnswerAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var id = PushStreamQuery.IdOf(request) ?? "";
        if (id.Length == 0)
        {
            return reports.Summary(request, await _counts.ListAsync("", cancellationToken), _counts.CountAllPublished());
        }

        if (id == All || id.EndsWith('*'))
        {
            return reports.Several(request, await _counts.ListAsync(id == All ? "" : id[..^1], cancellationToken));
        }

        if (PushStreamPath.ReadNames(id, services.Options, out var names) is { } refusal)
        {
            return refusal;
        }

        return await reports.OfAsync(request, names, _counts, cancellationToken);
    }
}
