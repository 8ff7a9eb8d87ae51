using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Http;

/// <summary>Reads a whole request body up to a limit; how slow it may come is the server's data rate limit.</summary>
internal static class BodyReader
{
    /// <returns>The body, or <see langword="null"/> when it exceeds the limit.</returns>
    public static ValueTask<byte[]?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
        {
            return default;
        }

        // Mostly the body came together with the headers.
        var reader = request.BodyReader;
        if (!reader.TryRead(out var first))
        {
            return ReadOnAsync(reader, limit, cancellationToken);
        }

        return first is { IsCompleted: true, IsCanceled: false }
            ? new(TakeWhole(reader, first.Buffer, limit))
            : CollectAsync(reader, first, limit, cancellationToken);
    }

    private static byte[]? TakeWhole(PipeReader reader, in ReadOnlySequence<byte> content, int limit)
    {
        var body = content.Length > limit ? null : content.ToArray();
        reader.AdvanceTo(content.End);
        return body;
    }

    private static async ValueTask<byte[]?> ReadOnAsync(PipeReader reader, int limit, CancellationToken cancellationToken)
    {
        var first = await reader.ReadAsync(cancellationToken);
        return first is { IsCompleted: true, IsCanceled: false }
            ? TakeWhole(reader, first.Buffer, limit)
            : await CollectAsync(reader, first, limit, cancellationToken);
    }

    private static async ValueTask<byte[]?> CollectAsync(PipeReader reader, ReadResult first, int limit, CancellationToken cancellationToken)
    {
        var collected = new ArrayBufferWriter<byte>();
        var chunk = NotCanceled(first, cancellationToken).Buffer;
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

            var next = NotCanceled(await reader.ReadAsync(cancellationToken), cancellationToken);
            chunk = next.Buffer;
            if (next.IsCompleted && chunk.IsEmpty)
            {
                reader.AdvanceTo(chunk.End);
                return collected.WrittenSpan.ToArray();
            }
        }
    }

    private static ReadResult NotCanceled(in ReadResult result, CancellationToken cancellationToken) =>
        result.IsCanceled ? throw new OperationCanceledException(cancellationToken) : result;

    private static void Write(this ArrayBufferWriter<byte> target, in ReadOnlySequence<byte> chunk)
    {
        chunk.CopyTo(target.GetSpan((int)chunk.Length));
        target.Advance((int)chunk.Length);
    }
}
