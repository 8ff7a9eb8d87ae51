using System.Buffers;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Http;

/// <summary>Encodes compact JSON to bytes, non-ASCII characters unescaped, with one reused writer per thread.</summary>
internal static class JsonBytes
{
    private const int LargestKeptBuffer = 64 * 1024;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static Scratch? _scratch;

    public static byte[] Encode<TState>(TState state, Action<Utf8JsonWriter, TState> write) =>
        Encode(state, write, static json => json.ToArray());

    /// <summary>Encodes to what something else makes of the bytes, which it must not keep.</summary>
    public static TResult Encode<TState, TResult>(TState state, Action<Utf8JsonWriter, TState> write, Func<ReadOnlySpan<byte>, TResult> make)
    {
        var scratch = Take();
        try
        {
            write(scratch.Json, state);
            scratch.Json.Flush();
            return make(scratch.Buffer.WrittenSpan);
        }
        finally
        {
            GiveBack(scratch);
        }
    }

    /// <summary>Answers a request with JSON that nobody else gets: it is written to the response from the scratch.</summary>
    /// <param name="http">The request.</param>
    /// <param name="status">Status code.</param>
    /// <param name="state">What the answer is made of.</param>
    /// <param name="write">Writes it.</param>
    public static ValueTask AnswerAsync<TState>(HttpContext http, int status, TState state, Action<Utf8JsonWriter, TState> write)
    {
        var scratch = Take();
        try
        {
            write(scratch.Json, state);
            scratch.Json.Flush();
        }
        catch
        {
            GiveBack(scratch);
            throw;
        }

        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = JsonAnswer.Json;
        response.ContentLength = scratch.Buffer.WrittenCount;
        var writing = response.BodyWriter.WriteAsync(scratch.Buffer.WrittenMemory, http.RequestAborted);
        if (!writing.IsCompletedSuccessfully)
        {
            // Who starts the response late still reads from the scratch, so that it is given up.
            return WaitAsync(writing);
        }

        _ = writing.Result;
        GiveBack(scratch);
        return default;

        static async ValueTask WaitAsync(ValueTask<FlushResult> writing) => await writing;
    }

    /// <summary>Taken, not shared: a write that encodes something itself gets a scratch of its own.</summary>
    private static Scratch Take()
    {
        var scratch = _scratch ?? new();
        _scratch = null;
        return scratch;
    }

    private static void GiveBack(Scratch scratch)
    {
        if (scratch.Buffer.Capacity <= LargestKeptBuffer)
        {
            scratch.Reset();
            _scratch = scratch;
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
