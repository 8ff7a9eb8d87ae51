using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Connections;

/// <summary>
/// Serves a session as one response whose body is written as frames come. It ends when it is long enough, when a newer transport takes over,
/// or with the session; the session outlives it.
/// </summary>
/// <param name="http">The request; nothing of the response is written yet.</param>
/// <param name="attachment">The response's hold on the session.</param>
/// <param name="settings">What the response is like.</param>
internal sealed class SessionStreamLink(HttpContext http, SessionAttachment attachment, SessionStreamSettings settings) : IHeartbeatListener
{
    private const int MaxBatchBytes = 64 * 1024;

    private readonly PipeWriter _output = http.Response.BodyWriter;
    private long _written;
    private long _chars;

    /// <summary>Serves until it is over for this response.</summary>
    /// <param name="opening">First bytes of the body; empty for none.</param>
    /// <param name="last">Last frame of the body, perhaps an empty one; <see langword="null"/> for none.</param>
    /// <returns>Why it is over; <see cref="SessionSignal.Released"/> when the response is long enough.</returns>
    public async Task<SessionSignal> RunAsync(ReadOnlyMemory<byte> opening, Func<SessionSignal, Frame>? last = null)
    {
        StreamedResponse.Prepare(http, settings.ContentType);
        try
        {
            // The headers go out even if there is nothing to say yet.
            Write(opening.Span);
            await FlushAsync(attachment.Stop);
            settings.Heartbeat?.Add(this);
            var signal = await attachment.ServeAsync(WriteAsync, MaxBatchBytes, http.RequestAborted);
            if (signal != SessionSignal.ClientLeft && last?.Invoke(signal) is { IsEmpty: false } farewell)
            {
                Write(farewell.Content.Span);
                await FlushAsync(attachment.Stop);
            }

            return signal;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client left, or did not take what was sent in time: without this the server would go on trying.
            http.Abort();
            return SessionSignal.ClientLeft;
        }
        finally
        {
            settings.Heartbeat?.Remove(this);
        }
    }

    void IHeartbeatListener.OnBeat() => attachment.Session.EnqueueIfIdle(settings.HeartbeatFrame);

    private async ValueTask WriteAsync(SessionBatch batch, CancellationToken stop)
    {
        for (var i = 0; i < batch.Frames.Length; i++)
        {
            Write(batch.Frames.Span[i].Content.Span);
        }

        if (_chars > settings.ChangesAfterChars)
        {
            // Before the client can read it: its next request may be here at once.
            attachment.Rest(settings.ChangeTime);
            _chars = long.MinValue;
        }

        await FlushAsync(stop);
        if (_written >= settings.MaxBytes)
        {
            attachment.Release();
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _output.Write(bytes);
        _written += bytes.Length;
        if (settings.ChangesAfterChars is not null)
        {
            _chars += Encoding.UTF8.GetCharCount(bytes);
        }
    }

    private async ValueTask FlushAsync(CancellationToken stop)
    {
        var flushed = await _output.FlushAsync(stop);
        if (flushed.IsCompleted)
        {
            throw new IOException("The client is gone.");
        }
    }
}
