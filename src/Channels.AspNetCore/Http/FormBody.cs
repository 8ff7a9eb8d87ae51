using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Channels.AspNetCore.Http;

/// <summary>Reads the two encodings of forms. Files are skipped.</summary>
internal static class FormBody
{
    private const int MaxFields = 256;
    private const int MaxNameLength = 256;
    private const int MaxBoundaryLength = 128;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static BodyFields ReadUrlEncoded(byte[] body, byte[][] names)
    {
        try
        {
            using var reader = new FormReader(Strict.GetString(body)) { ValueCountLimit = MaxFields, KeyLengthLimit = MaxNameLength };
            var fields = new BodyFields(names) { IsForm = true };
            while (reader.ReadNextPair() is { } pair)
            {
                fields.SetForm(Encoding.UTF8.GetBytes(pair.Key), pair.Value);
            }

            return fields;
        }
        catch (Exception exception) when (exception is InvalidDataException or DecoderFallbackException)
        {
            return BodyFields.Failed(BodyProblem.Malformed, "The form is not well-formed.");
        }
    }

    public static async ValueTask<BodyFields> ReadMultipartAsync(byte[] body, string contentType, byte[][] names, CancellationToken cancellationToken)
    {
        if (BoundaryOf(contentType) is not { } boundary)
        {
            return BodyFields.Failed(BodyProblem.Malformed, "The boundary is missing.");
        }

        try
        {
            return await ReadPartsAsync(new(boundary, new MemoryStream(body, writable: false)), names, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or DecoderFallbackException)
        {
            return BodyFields.Failed(BodyProblem.Malformed, "The form is not well-formed.");
        }
    }

    private static async ValueTask<BodyFields> ReadPartsAsync(MultipartReader reader, byte[][] names, CancellationToken cancellationToken)
    {
        var fields = new BodyFields(names) { IsForm = true };
        for (var count = 0; await reader.ReadNextSectionAsync(cancellationToken) is { } section; count++)
        {
            if (count == MaxFields)
            {
                throw new InvalidDataException("The form has too many fields.");
            }

            if (section.GetContentDispositionHeader() is { } disposition && disposition.IsFormDisposition())
            {
                using var part = new MemoryStream();
                await section.Body.CopyToAsync(part, cancellationToken);
                fields.SetForm(Encoding.UTF8.GetBytes(HeaderUtilities.RemoveQuotes(disposition.Name).ToString()), Strict.GetString(part.ToArray()));
            }
        }

        return fields;
    }

    private static string? BoundaryOf(string contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type))
        {
            return null;
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary);
        return boundary.Length is > 0 and <= MaxBoundaryLength ? boundary.ToString() : null;
    }
}
