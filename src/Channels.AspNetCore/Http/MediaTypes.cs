namespace Channels.AspNetCore.Http;

/// <summary>Reads a <c>Content-Type</c>.</summary>
internal static class MediaTypes
{
    public static MediaKind Classify(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType))
        {
            return MediaKind.Other;
        }

        var parameters = contentType.IndexOf(';', StringComparison.Ordinal);
        var type = (parameters < 0 ? contentType : contentType.AsSpan(0, parameters)).Trim();
        return type switch
        {
            _ when Is(type, "application/json") => MediaKind.Json,
            _ when Is(type, "text/plain") => MediaKind.Text,
            _ when Is(type, "application/x-www-form-urlencoded") => MediaKind.Form,
            _ when Is(type, "multipart/form-data") => MediaKind.Multipart,
            _ => MediaKind.Other,
        };
    }

    private static bool Is(ReadOnlySpan<char> type, string name) => type.Equals(name, StringComparison.OrdinalIgnoreCase);
}
