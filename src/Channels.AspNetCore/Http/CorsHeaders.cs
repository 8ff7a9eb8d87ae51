namespace Channels.AspNetCore.Http;

/// <summary>What a front end says to pages of other origins.</summary>
/// <param name="Methods">Methods that they may use.</param>
/// <param name="RequestHeaders">Headers that they may send.</param>
/// <param name="ExposedHeaders">Headers that they may read.</param>
internal sealed record CorsHeaders(string Methods, string RequestHeaders, string ExposedHeaders)
{
    /// <summary>What front ends say that have no words of their own.</summary>
    public static CorsHeaders Usual { get; } = new(
        "DELETE, GET, OPTIONS, PATCH, POST, PUT",
        "accept, authorization, cache-control, content-type, last-event-id, x-api-key, x-requested-with, x-user-key",
        "X-Last-Id, Retry-After");

    /// <summary>Whether all of it stands on every answer, asked for or not, as some originals do.</summary>
    public bool OnEveryAnswer { get; init; }

    /// <summary>Whether pages of listed origins may act with identity that a browser sends by itself.</summary>
    public bool AllowsCredentials { get; init; } = true;
}
