using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.PushStream;

/// <summary>The headers of a poll's answer. Source: docs/protocols/pushstream.md#polls</summary>
internal static class PushStreamHeaders
{
    private const string LongGone = "Thu, 01 Jan 1970 00:00:01 GMT";

    /// <summary>Tells the position, and that nothing of it may be cached.</summary>
    public static void Set(HttpResponse response, in PushStreamCursor position)
    {
        SetPosition(response, position);
        response.Headers.Expires = LongGone;
        response.Headers.CacheControl = "no-cache, no-store, must-revalidate";
    }

    /// <summary>Tells the position. The tag is not quoted, which clients rely on.</summary>
    public static void SetPosition(HttpResponse response, in PushStreamCursor position)
    {
        response.Headers.LastModified = position.TimeText;
        if (position.EntityTag is { } tag)
        {
            response.Headers.ETag = tag;
        }
    }
}
