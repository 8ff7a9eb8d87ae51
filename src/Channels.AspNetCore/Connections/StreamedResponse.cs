using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Channels.AspNetCore.Connections;

/// <summary>A response whose body goes out piece by piece, past whatever would gather or keep it on the way.</summary>
internal static class StreamedResponse
{
    /// <param name="http">The request; nothing of the response is written yet.</param>
    /// <param name="contentType">Type of the body.</param>
    public static void Prepare(HttpContext http, string contentType)
    {
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var response = http.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = contentType;
        response.Headers.CacheControl = "no-cache, no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        response.Headers.XContentTypeOptions = "nosniff";
    }
}
