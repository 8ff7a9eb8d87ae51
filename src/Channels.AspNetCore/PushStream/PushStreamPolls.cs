using System.Buffers;
using System.Diagnostics;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.PushStream;

/// <summary>Long and short polls. Source: docs/protocols/pushstream.md#polls</summary>
internal sealed class PushStreamPolls(PushStreamServices services, bool waits)
{
    private const int LongestSeparator = 2;

    private readonly PollManyOptions _options = waits ? services.Polls : services.Polls with { Window = TimeSpan.Zero };

    public async ValueTask<JsonAnswer?> ServeAsync(PushStreamCall call)
    {
        if (CheckCallback(call.Callback) is { } unserved)
        {
            return unserved;
        }

        var (refusal, targets) = await call.EnterAsync();
        return refusal ?? await AnswerAsync(call, call.Channels.PollManyAsync(targets, _options, call.Aborted));
    }

    private JsonAnswer? CheckCallback(string? callback)
    {
        if (string.IsNullOrEmpty(callback))
        {
            return null;
        }

        return !services.Options.AllowJsonp ? PushStreamErrors.NoJsonp : JsonpWriter.IsCallback(callback) ? null : PushStreamErrors.BadCallback;
    }

    private async ValueTask<JsonAnswer?> AnswerAsync(PushStreamCall call, ValueTask<PollBatch> polling)
    {
        var batch = await polling;
        var position = PushStreamCursor.Of(batch.Position);
        switch (batch.Outcome)
        {
            case PollOutcome.Message:
                await WriteAsync(call, position, Encode(batch.Messages));
                return null;
            case PollOutcome.ChannelDeleted:
                await WriteAsync(call, position, [PushStreamWriter.Deleted(batch.Address!.Value, position)]);
                return null;
            case PollOutcome.WindowClosed:
                // A short poll repeats its own position; without one it gets a place to start.
                WriteNothing(call, waits ? position : call.Cursor ?? position);
                return null;
            case PollOutcome.Refused when batch.Address is null:
                return services.Errors.From(batch.Access);
            case PollOutcome.Refused:
                // Withdrawn while it waited: the client comes again and is told.
                WriteNothing(call, position);
                return null;
            case PollOutcome.Draining when batch.Position.CreatedAt == default:
                return services.Errors.Draining;
            case PollOutcome.Draining:
                WriteNothing(call, position);
                return null;
            default:
                throw new UnreachableException();
        }
    }

    private ReadOnlyMemory<byte>[] Encode(IReadOnlyList<ChannelMessage> messages)
    {
        var objects = new ReadOnlyMemory<byte>[messages.Count];
        for (var i = 0; i < objects.Length; i++)
        {
            objects[i] = services.Forms.Objects.Encode(new(DeliveryKind.Message, messages[i].Address, messages[i])).Content;
        }

        return objects;
    }

    private static async ValueTask WriteAsync(PushStreamCall call, PushStreamCursor position, ReadOnlyMemory<byte>[] objects)
    {
        var response = call.Http.Response;
        PushStreamHeaders.Set(response, position);
        if (!string.IsNullOrEmpty(call.Callback))
        {
            await JsonpWriter.WriteAsync(call.Http, call.Callback, Join(objects, "["u8, ","u8, "]"u8).WrittenMemory);
            return;
        }

        response.ContentType = "application/json; charset=utf-8";
        if (objects.Length == 1)
        {
            response.ContentLength = objects[0].Length;
            await response.BodyWriter.WriteAsync(objects[0], call.Aborted);
            return;
        }

        // Some clients cut the body where lines end, others where one object ends and the next begins.
        var body = Join(objects, default, "\r\n"u8, default);
        response.ContentLength = body.WrittenCount;
        await response.BodyWriter.WriteAsync(body.WrittenMemory, call.Aborted);
    }

    private static ArrayBufferWriter<byte> Join(
        ReadOnlyMemory<byte>[] objects, ReadOnlySpan<byte> before, ReadOnlySpan<byte> between, ReadOnlySpan<byte> after)
    {
        var body = new ArrayBufferWriter<byte>(objects.Sum(static part => part.Length + LongestSeparator) + LongestSeparator);
        body.Write(before);
        for (var i = 0; i < objects.Length; i++)
        {
            body.Write(i == 0 ? default : between);
            body.Write(objects[i].Span);
        }

        body.Write(after);
        return body;
    }

    private static void WriteNothing(PushStreamCall call, PushStreamCursor position)
    {
        var response = call.Http.Response;
        PushStreamHeaders.Set(response, position);
        response.StatusCode = StatusCodes.Status304NotModified;
        response.ContentLength = 0;
        if (!string.IsNullOrEmpty(call.Callback))
        {
            response.ContentType = "application/javascript";
        }
    }
}
