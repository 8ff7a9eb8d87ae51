using System.Buffers;
using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.Bayeux;

/// <summary>An array of events and replies as it goes out over a polling transport: events first. Source: docs/protocols/bayeux.md#long-polling</summary>
/// <param name="Events">Frames of events.</param>
/// <param name="Replies">Encoded replies; at least one.</param>
internal readonly record struct BayeuxBody(ReadOnlyMemory<Frame> Events, IReadOnlyList<byte[]> Replies)
{
    /// <summary>How many bytes it has.</summary>
    public int Length
    {
        get
        {
            // As many commas as elements but one, and two brackets.
            var length = Events.Length + Replies.Count + 1;
            foreach (var frame in Events.Span)
            {
                length += BayeuxForms.EventOf(frame).Length;
            }

            return length + Replies.Sum(reply => reply.Length);
        }
    }

    public void WriteTo(IBufferWriter<byte> output)
    {
        output.Write("["u8);
        foreach (var frame in Events.Span)
        {
            output.Write(BayeuxForms.EventOf(frame).Span);
            output.Write(","u8);
        }

        for (var i = 0; i < Replies.Count; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            output.Write(Replies[i]);
        }

        output.Write("]"u8);
    }

    public byte[] ToArray()
    {
        var buffer = new ArrayBufferWriter<byte>(Length);
        WriteTo(buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
