using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Channels.AspNetCore.Pusher.Api;

/// <summary>The path of a request exactly as the client wrote it.</summary>
internal static class RequestPath
{
    /// <summary>The whole path, escaped as it came, without the query.</summary>
    public static string Raw(HttpRequest request)
    {
        var target = request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget;
        if (string.IsNullOrEmpty(target) || target[0] != '/')
        {
            return request.PathBase + request.Path;
        }

        var query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? target : target[..query];
    }

    /// <summary>A segment, unescaped once: routing leaves escaped slashes as they are.</summary>
    /// <param name="request">The request.</param>
    /// <param name="fromEnd">Its place, counted from 1 at the end.</param>
    public static string Segment(HttpRequest request, int fromEnd)
    {
        var segments = Raw(request).Split('/');
        return segments.Length < fromEnd ? "" : Uri.UnescapeDataString(segments[^fromEnd]);
    }
}
