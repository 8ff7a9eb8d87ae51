using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Http;

/// <summary>Reads a whole request body up to a limit; how slow it may come is the server's data rate limit.</summary>
internal static class BodyReader
{
    /// <returns>The body, or <see langword="null"/> when it exceeds the limit.</returns>
    public static async ValueTask<byte[]?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
        {
            return null;
        }

        var reader = request.BodyReader;
        var first = await ReadChunkAsync(reader, cancellationToken);
        if (!first.IsCompleted)
        {
            return await CollectAsync(reader, first.Buffer, limit, cancellationToken);
        }

        var body = first.Buffer.Length > limit ? null : first.Buffer.ToArray();
        reader.AdvanceTo(first.Buffer.End);
        return body;
    }

    private static async ValueTask<byte[]?> CollectAsync(
        PipeReader reader, ReadOnlySequence<byte> chunk, int limit, CancellationToken cancellationToken)
    {
        var collected = new ArrayBufferWriter<byte>();
        while (true)
        {
            var fits = collected.WrittenCount + chunk.Length <= limit;
            if (fits)
            {
                collected.Write(chunk);
            }

            reader.AdvanceTo(chunk.End);
            if (!fits)
            {
                return null;
            }

            var next = await ReadChunkAsync(reader, cancellationToken);
            chunk = next.Buffer;
            if (next.IsCompleted && chunk.IsEmpty)
            {
                reader.AdvanceTo(chunk.End);
                return collected.WrittenSpan.ToArray();
            }
        }
    }

    private static async ValueTask<ReadResult> ReadChunkAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        var result = await reader.ReadAsync(cancellationToken);
        return result.IsCanceled ? throw new OperationCanceledException(cancellationToken) : result;
    }

    private static void Write(this ArrayBufferWriter<byte> target, in ReadOnlySequence<byte> chunk)
    {
        chunk.CopyTo(target.GetSpan((int)chunk.Length));
        target.Advance((int)chunk.Length);
    }
}
