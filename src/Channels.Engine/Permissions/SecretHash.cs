using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Channels.Engine;

/// <summary>Secrets are kept and looked up by SHA-256, so that a look-up's duration says nothing about a secret.</summary>
internal static class SecretHash
{
    private const int MaxBytesOnStack = 512;

    /// <summary>Hash of a key, whose hexadecimal digits are compared without regard to case.</summary>
    public static string Of(string secret) => OfToken(Lower(secret));

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

    /// <summary>One hash of two keys, or of one; no other keys have the same.</summary>
    public static SecretPair OfPair(string secret, string? other)
    {
        secret = Lower(secret);
        other = other is null ? null : Lower(other);
        var length = sizeof(int) + Encoding.UTF8.GetMaxByteCount(secret.Length) + Encoding.UTF8.GetMaxByteCount(other?.Length ?? 0);
        Span<byte> bytes = length <= MaxBytesOnStack ? stackalloc byte[length] : new byte[length];

        // The length of the first tells where the second begins, and its sign whether there is one.
        var first = Encoding.UTF8.GetBytes(secret, bytes[sizeof(int)..]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, other is null ? ~first : first);
        var second = Encoding.UTF8.GetBytes(other, bytes[(sizeof(int) + first)..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..(sizeof(int) + first + second)], hash);
        return MemoryMarshal.Read<SecretPair>(hash);
    }

#pragma warning disable CA1308 // hexadecimal keys are compared without regard to case; lower case is what Sha256 options document
    private static string Lower(string secret) => secret.ToLowerInvariant();
#pragma warning restore CA1308
}
