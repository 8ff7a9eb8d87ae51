using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Bayeux;

/// <summary>Serves one request of long-polling or callback-polling. Source: docs/protocols/bayeux.md#long-polling</summary>
internal sealed class BayeuxPolling(BayeuxServices services, HttpContext http, BayeuxAnswers answers)
{
    private const long MaxEventBytes = 1024 * 1024;

    /// <summary>Deals with the messages of the request, and answers it unless one of them is a connect.</summary>
    /// <returns>The connect, to be held by this request.</returns>
    public async ValueTask<BayeuxHold?> ServeAsync(IReadOnlyList<BayeuxMessage> messages, bool allowsAmbientIdentity)
    {
        if (!BayeuxExchange.IsWellFormed(messages))
        {
            answers.Refuse(StatusCodes.Status400BadRequest);
            return null;
        }

        var exchange = await BayeuxExchange.RunAsync(services, new(http, allowsAmbientIdentity), messages);
        if (exchange.Connect is { } connect)
        {
            return new(services, http, answers, exchange, connect);
        }

        if (services.Options.DeliversWithAnyReply && exchange is { HasDisconnected: false, Session: { Acknowledges: false } session })
        {
            await session.Queue.AnswerAsync((batch, stop) => answers.WriteAsync(batch.Frames, exchange.Replies, stop), MaxEventBytes, http.RequestAborted);
        }
        else
        {
            await answers.WriteAsync(exchange.Replies);
        }

        return null;
    }
}
