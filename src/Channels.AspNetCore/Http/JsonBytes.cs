using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Channels.AspNetCore.Http;

/// <summary>Encodes compact JSON to bytes, non-ASCII characters unescaped, with one reused writer per thread.</summary>
internal static class JsonBytes
{
    private const int LargestKeptBuffer = 64 * 1024;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static Scratch? _scratch;

    public static byte[] Encode<TState>(TState state, Action<Utf8JsonWriter, TState> write)
    {
        // Taken, not shared: a write that encodes something itself gets a scratch of its own.
        var scratch = _scratch ?? new();
        _scratch = null;
        try
        {
            write(scratch.Json, state);
            scratch.Json.Flush();
            return scratch.Buffer.WrittenSpan.ToArray();
        }
        finally
        {
            if (scratch.Buffer.Capacity <= LargestKeptBuffer)
            {
                scratch.Reset();
                _scratch = scratch;
            }
        }
    }

    private sealed class Scratch
    {
        public Scratch() => Json = new(Buffer, WriterOptions);

        public ArrayBufferWriter<byte> Buffer { get; } = new(512);

        public Utf8JsonWriter Json { get; }

        public void Reset()
        {
            Buffer.ResetWrittenCount();
            Json.Reset();
        }
    }
}
