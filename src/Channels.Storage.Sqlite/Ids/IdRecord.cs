using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Channels.Storage.Sqlite.Ids;

/// <summary>What the side file says of one instance.</summary>
/// <param name="Instance">Name of the instance.</param>
/// <param name="ReservedThrough">No id above this was given.</param>
/// <param name="CleanHead">The last id given, exactly, if the store was closed cleanly; else <see cref="InUse"/>.</param>
/// <param name="LastCreatedAt">A time that ids given later do not precede, in ticks.</param>
internal sealed record IdRecord(string Instance, long ReservedThrough, long CleanHead, long LastCreatedAt)
{
    public const long InUse = -1;

    /// <summary>Length of a record in the file; it divides every disk sector, so that one write cannot tear two records.</summary>
    public const int Size = 256;

    private const int NameOffset = 34;
    private const int ChecksumOffset = Size - sizeof(long);

    public bool IsClean => CleanHead != InUse;

    public byte[] Encode(long sequence)
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, sequence);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), ReservedThrough);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), CleanHead);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), LastCreatedAt);
        var length = Encoding.UTF8.GetBytes(Instance, bytes.AsSpan(NameOffset, ChecksumOffset - NameOffset));
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(32), (short)length);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(ChecksumOffset), Checksum(bytes));
        return bytes;
    }

    /// <summary>Reads a record; <see langword="null"/> when its checksum does not fit.</summary>
    public static (IdRecord Record, long Sequence)? Decode(ReadOnlySpan<byte> bytes)
    {
        if (BinaryPrimitives.ReadInt64LittleEndian(bytes[ChecksumOffset..]) != Checksum(bytes))
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt16LittleEndian(bytes[32..]);
        var record = new IdRecord(
            Encoding.UTF8.GetString(bytes.Slice(NameOffset, length)),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]));
        return (record, BinaryPrimitives.ReadInt64LittleEndian(bytes));
    }

    private static long Checksum(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..ChecksumOffset], hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash);
    }
}
