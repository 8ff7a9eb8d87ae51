namespace Channels.AspNetCore.SocketIo.Packets;

/// <summary>An event that is whole.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">The elements behind the name as they were written, commas between them; binary values have placeholders.</param>
/// <param name="Attachments">The binary values, by number.</param>
/// <param name="AckId">Number that the answer has to carry; <see langword="null"/> when the client wants none.</param>
internal sealed record SocketIoEventPacket(
    string Name, ReadOnlyMemory<byte> Arguments, IReadOnlyList<ReadOnlyMemory<byte>> Attachments, long? AckId)
{
    /// <summary>What it keeps in memory.</summary>
    public int Bytes => (Name.Length * sizeof(char)) + Arguments.Length + Attachments.Sum(attachment => attachment.Length);
}
