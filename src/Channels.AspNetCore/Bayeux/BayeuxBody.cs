using System.Buffers;
using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.Bayeux;

/// <summary>An array of events and replies as it goes out over a polling transport: events first. Source: docs/protocols/bayeux.md#long-polling</summary>
/// <param name="Events">Frames of events.</param>
/// <param name="Replies">The replies as an array; at least one.</param>
internal readonly record struct BayeuxBody(ReadOnlyMemory<Frame> Events, byte[] Replies)
{
    /// <summary>How many bytes it has.</summary>
    public int Length
    {
        get
        {
            // A comma behind each event; the brackets are those of the replies.
            var length = Replies.Length + Events.Length;
            foreach (var frame in Events.Span)
            {
                length += BayeuxForms.EventOf(frame).Length;
            }

            return length;
        }
    }

    public void WriteTo(IBufferWriter<byte> output)
    {
        output.Write(Replies.AsSpan(0, 1));
        foreach (var frame in Events.Span)
        {
            output.Write(BayeuxForms.EventOf(frame).Span);
            output.Write(","u8);
        }

        output.Write(Replies.AsSpan(1));
    }

    public byte[] ToArray()
    {
        var buffer = new ArrayBufferWriter<byte>(Length);
        WriteTo(buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
