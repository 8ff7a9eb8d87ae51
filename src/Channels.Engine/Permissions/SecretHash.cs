using System.Security.Cryptography;
using System.Text;

namespace Channels.Engine;

/// <summary>Secrets are kept and looked up by SHA-256, so that a look-up's duration says nothing about a secret.</summary>
internal static class SecretHash
{
    /// <summary>Hash of a key, whose hexadecimal digits are compared without regard to case.</summary>
    public static string Of(string secret)
    {
#pragma warning disable CA1308 // hexadecimal keys are compared without regard to case; lower case is what Sha256 options document
        var normalized = secret.ToLowerInvariant();
#pragma warning restore CA1308
        return OfToken(normalized);
    }

    /// <summary>Hash of a token, which is compared exactly.</summary>
    public static string OfToken(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    public static string Normalize(string hash) => hash.ToUpperInvariant();
}
