using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Http;

/// <summary>Reads a request body of any kind that the front ends serve into fields.</summary>
internal static class RequestBody
{
    /// <param name="request">The request.</param>
    /// <param name="limit">Largest body, in bytes.</param>
    /// <param name="names">Names of the fields that are wanted, UTF-8.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    public static async ValueTask<BodyFields> ReadAsync(HttpRequest request, int limit, byte[][] names, CancellationToken cancellationToken)
    {
        var body = await BodyReader.ReadAsync(request, limit, cancellationToken);
        if (body is null)
        {
            return BodyFields.Failed(BodyProblem.TooLarge);
        }

        // Without a body the content type says nothing.
        if (body.Length == 0)
        {
            return new(names);
        }

        return MediaTypes.Classify(request.ContentType) switch
        {
            MediaKind.Json or MediaKind.Text => BodyFields.FromJson(body, names),
            MediaKind.Form => FormBody.ReadUrlEncoded(body, names),
            MediaKind.Multipart => await FormBody.ReadMultipartAsync(body, request.ContentType!, names, cancellationToken),
            _ => BodyFields.Failed(BodyProblem.UnsupportedMediaType, request.ContentType ?? ""),
        };
    }
}
