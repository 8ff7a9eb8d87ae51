using System.Net.WebSockets;

namespace Channels.AspNetCore.Connections;

/// <summary>Writes frames to a WebSocket: everything due in one write beside it, or one by one through it.</summary>
/// <param name="socket">The socket, accepted.</param>
/// <param name="stream">The stream under it; without one, and for frames without framing, the socket sends.</param>
internal readonly struct FrameOutput(WebSocket socket, UpgradedStream? stream)
{
    public ValueTask WriteAsync(ReadOnlyMemory<Frame> frames, CancellationToken cancellationToken) =>
        stream is not null && frames.Length == 1 && frames.Span[0] is { HeaderBytes: > 0 } frame
            ? stream.WriteAsync(frame.Bytes, cancellationToken)
            : WriteSeveralAsync(frames, cancellationToken);

    private async ValueTask WriteSeveralAsync(ReadOnlyMemory<Frame> frames, CancellationToken cancellationToken)
    {
        var batch = new FrameBatch();
        try
        {
            for (var i = 0; i < frames.Length; i++)
            {
                var frame = frames.Span[i];
                if (stream is null || frame.HeaderBytes == 0)
                {
                    await FlushAsync(batch, cancellationToken);
                    batch.Clear();
                    var type = WebSocketFraming.IsBinary(frame) ? WebSocketMessageType.Binary : WebSocketMessageType.Text;
                    await socket.SendAsync(frame.Content, type, endOfMessage: true, cancellationToken);
                }
                else if (batch.IsFull || !batch.TryAdd(frame.Bytes))
                {
                    await FlushAsync(batch, cancellationToken);
                    batch.Clear();
                    batch.TryAdd(frame.Bytes);
                }
            }

            await FlushAsync(batch, cancellationToken);
        }
        finally
        {
            batch.Clear();
        }
    }

    private ValueTask FlushAsync(in FrameBatch batch, CancellationToken cancellationToken) =>
        batch.IsEmpty ? default : stream!.WriteAsync(batch.Bytes, cancellationToken);
}
