namespace Channels.AspNetCore.Bayeux.Epicenter;

/// <summary>Reads access tokens. Source: docs/protocols/bayeux.md#authorization</summary>
internal static class EpicenterToken
{
    private const string Scheme = "Bearer";

    /// <summary>The token behind <c>Bearer</c>; the original's documentation once leaves out the space.</summary>
    /// <returns><see langword="null"/> when there is none.</returns>
    public static string? Read(string? authorization)
    {
        if (authorization?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) != true)
        {
            return null;
        }

        var token = authorization[Scheme.Length..].Trim();
        return token.Length > 0 ? token : null;
    }
}
