using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Http;

/// <summary>A whole response, JSON unless it says otherwise; an instance without request-specific content is shared.</summary>
/// <param name="Status">Status code.</param>
/// <param name="Body">UTF-8; empty for a response without a body.</param>
internal sealed record JsonAnswer(int Status, ReadOnlyMemory<byte> Body = default)
{
    public const string Json = "application/json";

    /// <summary>Type of the body.</summary>
    public string ContentType { get; init; } = Json;

    /// <summary>Seconds for <c>Retry-After</c>, if any.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Methods for <c>Allow</c>, if any.</summary>
    public string? Allow { get; init; }

    /// <summary>A further header of the front end's own, if any.</summary>
    public KeyValuePair<string, string>? Header { get; init; }

    /// <summary>The seconds that <c>Retry-After</c> names for a wait, no fewer and at least one.</summary>
    public static int SecondsOf(TimeSpan wait) => (int)Math.Clamp(Math.Ceiling(wait.TotalSeconds), 1, int.MaxValue);

    public ValueTask WriteAsync(HttpContext http)
    {
        var response = http.Response;
        response.StatusCode = Status;
        if (RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (Allow is not null)
        {
            response.Headers.Allow = Allow;
        }

        if (Header is { } header)
        {
            response.Headers[header.Key] = header.Value;
        }

        if (Body.IsEmpty)
        {
            return default;
        }

        response.ContentType = ContentType;
        response.ContentLength = Body.Length;
        var writing = response.BodyWriter.WriteAsync(Body, http.RequestAborted);
        if (!writing.IsCompletedSuccessfully)
        {
            return WaitAsync(writing);
        }

        _ = writing.Result;
        return default;

        static async ValueTask WaitAsync(ValueTask<FlushResult> writing) => await writing;
    }
}
