using System.Security.Cryptography;
using System.Text;

namespace Channels.Engine;

/// <summary>Secrets are kept and looked up by SHA-256, so that a look-up's duration says nothing about a secret.</summary>
internal static class SecretHash
{
    private const int MaxBytesOnStack = 512;

    /// <summary>Hash of a key, whose hexadecimal digits are compared without regard to case.</summary>
    public static string Of(string secret)
    {
#pragma warning disable CA1308 // hexadecimal keys are compared without regard to case; lower case is what Sha256 options document
        var normalized = secret.ToLowerInvariant();
#pragma warning restore CA1308
        return OfToken(normalized);
    }

    /// <summary>Hash of a token, which is compared exactly.</summary>
    public static string OfToken(string token)
    {
        var length = Encoding.UTF8.GetMaxByteCount(token.Length);
        Span<byte> bytes = length <= MaxBytesOnStack ? stackalloc byte[length] : new byte[length];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(token, bytes)], hash);
        return Convert.ToHexString(hash);
    }

    public static string Normalize(string hash) => hash.ToUpperInvariant();
}
