using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Bayeux;

/// <summary>Writes the answers of the polling transports.</summary>
/// <param name="services">What the front end holds.</param>
/// <param name="http">The request.</param>
/// <param name="callback">Function of the page that a script calls; <see langword="null"/> for JSON.</param>
internal sealed class BayeuxAnswers(BayeuxServices services, HttpContext http, string? callback)
{
    public ValueTask WriteAsync(IReadOnlyList<BayeuxReply> replies) => WriteAsync(default, replies, http.RequestAborted);

    /// <summary>Writes events and replies and flushes them.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<Frame> events, IReadOnlyList<BayeuxReply> replies, CancellationToken cancellationToken)
    {
        var body = new BayeuxBody(events, BayeuxWriter.Replies(replies, services.Now));
        var response = http.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.Headers.CacheControl = "no-cache, no-store";
        if (callback is null)
        {
            response.ContentType = "application/json;charset=UTF-8";
            response.ContentLength = body.Length;
            body.WriteTo(response.BodyWriter);
            await response.BodyWriter.FlushAsync(cancellationToken);
            return;
        }

        var script = JsonpWriter.Encode(callback, body.ToArray());
        response.ContentType = "text/javascript;charset=UTF-8";
        response.Headers.XContentTypeOptions = "nosniff";
        response.ContentLength = script.Length;
        await response.BodyWriter.WriteAsync(script, cancellationToken);
    }

    /// <summary>Refuses the request as a whole.</summary>
    public void Refuse(int status) => http.Response.StatusCode = status;
}
