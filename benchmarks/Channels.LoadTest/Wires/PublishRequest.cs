using System.Diagnostics;

namespace Channels.LoadTest.Wires;

/// <summary>A whole HTTP request, used again for every message.</summary>
/// <param name="bytes">The request.</param>
/// <param name="payloadStart">Where its payload starts.</param>
internal sealed class PublishRequest(byte[] bytes, int payloadStart)
{
    public ReadOnlyMemory<byte> Stamp(long sequence)
    {
        LoadMessage.Stamp(bytes.AsSpan(payloadStart), sequence, Stopwatch.GetTimestamp());
        return bytes;
    }
}
