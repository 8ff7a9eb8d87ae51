using System.Security.Cryptography;
using System.Text;

namespace Channels.AspNetCore.Pusher;

/// <summary>Signs and verifies with a secret: HMAC-SHA256 in lower-case hexadecimal digits. Source: docs/protocols/pusher.md#signatures</summary>
internal sealed class PusherSigner(string secret)
{
    /// <summary>Length of a signature, in characters.</summary>
    public const int SignatureLength = 2 * HMACSHA256.HashSizeInBytes;

    private const int LargestOnStack = 1024;

    private readonly byte[] _secret = Encoding.UTF8.GetBytes(secret);

    public string Sign(string text) => Sign(Encoding.UTF8.GetBytes(text));

    public string Sign(ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, text, hash);
        return Convert.ToHexStringLower(hash);
    }

    public bool Verifies(string text, ReadOnlySpan<char> signature)
    {
        var length = Encoding.UTF8.GetMaxByteCount(text.Length);
        var bytes = length <= LargestOnStack ? stackalloc byte[length] : new byte[length];
        return Verifies(bytes[..Encoding.UTF8.GetBytes(text, bytes)], signature);
    }

    /// <summary>Compares in a time that tells nothing about the right signature.</summary>
    public bool Verifies(ReadOnlySpan<byte> text, ReadOnlySpan<char> signature)
    {
        if (signature.Length != SignatureLength)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<char> right = stackalloc char[SignatureLength];
        Span<byte> rightBytes = stackalloc byte[SignatureLength];
        Span<byte> given = stackalloc byte[SignatureLength];
        HMACSHA256.HashData(_secret, text, hash);
        Convert.TryToHexStringLower(hash, right, out _);
        Encoding.ASCII.GetBytes(right, rightBytes);
        Encoding.ASCII.GetBytes(signature, given);
        return CryptographicOperations.FixedTimeEquals(rightBytes, given);
    }
}
