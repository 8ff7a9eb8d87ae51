using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.SocketIo.EngineIo;

/// <summary>Serves the requests of polling clients. Source: docs/protocols/socketio.md#polling</summary>
internal sealed class EngineIoPolling(EngineIoServer server)
{
    private static readonly byte[][] JsonpFields = ["d"u8.ToArray()];
    private static readonly ReadOnlyMemory<byte> Ok = "ok"u8.ToArray();

    /// <summary>Answers with what is queued, or waits for it.</summary>
    /// <returns>An error to answer, if any.</returns>
    public async ValueTask<EngineIoError?> PollAsync(EngineIoRequest request, EngineIoSession session)
    {
        var mayWait = session.TryPoll(out var attachment);
        if (mayWait is null)
        {
            return session.Transport == EngineIoTransport.Polling ? EngineIoError.UnknownSession : EngineIoError.BadRequest;
        }

        if (mayWait == false)
        {
            session.Lose();
            return EngineIoError.Overlapping;
        }

        using (attachment)
        {
            try
            {
                await AnswerAsync(request, session, attachment!);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException)
            {
                // A poll that did not arrive: what it carried is lost, and with it the session.
                session.Lose();
                request.Http.Abort();
            }
            finally
            {
                session.OnPollAnswered(attachment!);
            }
        }

        session.OnPollDone();
        return null;
    }

    /// <summary>Takes what the client posts.</summary>
    /// <returns>An error to answer, if any.</returns>
    public async ValueTask<EngineIoError?> PostAsync(EngineIoRequest request, EngineIoSession session)
    {
        var mayPost = session.TryPost();
        if (mayPost is null)
        {
            return EngineIoError.BadRequest;
        }

        if (mayPost == false)
        {
            session.Lose();
            return EngineIoError.Overlapping;
        }

        try
        {
            var refusal = await ReceiveAsync(request, session);
            if (refusal is not null)
            {
                return refusal;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            session.Lose();
            throw;
        }
        finally
        {
            session.OnPosted();
        }

        await WriteAsync(request.Http, "text/html", Ok, request.Http.RequestAborted);
        return null;
    }

    private async ValueTask AnswerAsync(EngineIoRequest request, EngineIoSession session, SessionAttachment attachment)
    {
        SessionAnswer answer = (signal, batch, cancellationToken) =>
        {
            session.OnPollAnswered(attachment);
            return WriteAsync(request, session, FramesOf(session, signal, batch), cancellationToken);
        };
        var left = request.Http.RequestAborted;
        if (await attachment.AnswerAsync(window: null, server.Settings.MaxPayloadBytes, answer, left) == SessionSignal.ClientLeft)
        {
            session.Lose();
        }
    }

    /// <summary>A poll never answers with nothing: one that has to end says so, and the last one says why there is no other.</summary>
    private static ReadOnlyMemory<Frame> FramesOf(EngineIoSession session, SessionSignal signal, SessionBatch batch) => signal switch
    {
        SessionSignal.Ended => (Frame[])[.. batch.Frames.Span, session.LastWord],
        _ when batch.Frames.IsEmpty => new[] { EngineIoFrames.Noop },
        _ => batch.Frames,
    };

    private async ValueTask<EngineIoError?> ReceiveAsync(EngineIoRequest request, EngineIoSession session)
    {
        if (await BodyReader.ReadAsync(request.Http.Request, server.Settings.MaxPayloadBytes, request.Http.RequestAborted) is not { } body)
        {
            return EngineIoError.TooLarge;
        }

        if (Decode(request, session, body) is not { } packets)
        {
            session.Lose();
            return EngineIoError.BadRequest;
        }

        foreach (var packet in packets)
        {
            if (!await session.ReceiveAsync(packet))
            {
                break;
            }
        }

        return null;
    }

    private static List<EngineIoPacket>? Decode(EngineIoRequest request, EngineIoSession session, byte[] body)
    {
        var isBinary = string.Equals(request.Http.Request.ContentType, "application/octet-stream", StringComparison.OrdinalIgnoreCase);
        if (session.Revision == EngineIoRevision.V3 && isBinary)
        {
            return EngineIoV3Binary.Decode(body);
        }

        if (isBinary || !System.Text.Unicode.Utf8.IsValid(body))
        {
            return null;
        }

        if (session.Revision == EngineIoRevision.V4)
        {
            return EngineIoPayload.Decode(body);
        }

        var text = request.IsJsonp ? JsonpText(body) : System.Text.Encoding.UTF8.GetString(body);
        return text is null ? null : EngineIoV3Text.Decode(text);
    }

    /// <summary>The payload of a form. Browsers change line breaks in forms, so clients write them as <c>\n</c>, and <c>\\n</c> for the text <c>\n</c>.</summary>
    private static string? JsonpText(byte[] body)
    {
        var field = FormBody.ReadUrlEncoded(body, JsonpFields).Find("d"u8);
        if (!field.TryGetText(out var text))
        {
            return null;
        }

        var unescaped = new System.Text.StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var rest = text.AsSpan(i);
            if (rest.StartsWith("\\\\n"))
            {
                unescaped.Append("\\n");
                i += 2;
            }
            else if (rest.StartsWith("\\n"))
            {
                unescaped.Append('\n');
                i++;
            }
            else
            {
                unescaped.Append(text[i]);
            }
        }

        return unescaped.ToString();
    }

    private static ValueTask WriteAsync(
        EngineIoRequest request, EngineIoSession session, ReadOnlyMemory<Frame> frames, CancellationToken cancellationToken)
    {
        var http = request.Http;
        var batch = frames.Span;
        if (session.Revision == EngineIoRevision.V4)
        {
            return WriteAsync(http, "text/plain; charset=UTF-8", EngineIoPayload.Encode(batch), cancellationToken);
        }

        if (request.IsJsonp)
        {
            return JsonpWriter.WriteAsync(http, request.JsonpCallback, ToJson(EngineIoV3Text.Encode(batch)));
        }

        var isBinary = !session.TakesBase64 && ContainsBinary(batch);
        return isBinary
            ? WriteAsync(http, "application/octet-stream", EngineIoV3Binary.Encode(batch), cancellationToken)
            : WriteAsync(http, "text/plain; charset=UTF-8", EngineIoV3Text.Encode(batch), cancellationToken);
    }

    private static byte[] ToJson(ReadOnlyMemory<byte> payload) =>
        JsonBytes.Encode(payload, static (json, payload) => json.WriteStringValue(payload.Span));

    private static bool ContainsBinary(ReadOnlySpan<Frame> frames)
    {
        foreach (var frame in frames)
        {
            if (WebSocketFraming.IsBinary(frame))
            {
                return true;
            }
        }

        return false;
    }

    private static async ValueTask WriteAsync(HttpContext http, string contentType, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var response = http.Response;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body, cancellationToken);
    }
}
