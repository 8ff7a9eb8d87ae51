using System.Diagnostics;
using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano;

/// <summary>Answers a poll once it has ended.</summary>
/// <param name="services">The front end.</param>
/// <param name="bodies">Wire form of the answer.</param>
/// <param name="address">What is polled.</param>
/// <param name="waiting">The poll, begun.</param>
internal sealed class SyncanoWait(SyncanoServices services, WireForm bodies, ChannelAddress address, ValueTask<PollResult> waiting) : ILastingAnswer
{
    public async Task ServeAsync(HttpContext http)
    {
        var result = await waiting;
        http.Response.Headers.CacheControl = "no-cache";
        var answer = result.Outcome switch
        {
            PollOutcome.Message => Answer(http, result.Message!),
            PollOutcome.WindowClosed => new JsonAnswer(StatusCodes.Status204NoContent),
            PollOutcome.Refused => services.Errors.From(result.Access, address) ?? SyncanoErrors.Forbidden,
            PollOutcome.ChannelDeleted => SyncanoErrors.NotFound,

            // An error rather than an empty answer: after a 204 the JavaScript client forgets its position.
            PollOutcome.Draining => services.Errors.Draining,
            _ => throw new UnreachableException(),
        };
        await answer.WriteAsync(http);
    }

    private JsonAnswer Answer(HttpContext http, ChannelMessage message)
    {
        http.Response.Headers["X-Last-Id"] = message.Cursor.ToString();
        return new(StatusCodes.Status200OK, bodies.Encode(new(DeliveryKind.Message, message.Address, message)).Bytes);
    }
}
