using Channels.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Bayeux;

/// <summary>Serves one request of long-polling or callback-polling. Source: docs/protocols/bayeux.md#long-polling</summary>
internal sealed class BayeuxPolling(BayeuxServices services, HttpContext http, BayeuxAnswers answers)
{
    private const long MaxEventBytes = 1024 * 1024;

    public async Task ServeAsync(IReadOnlyList<BayeuxMessage> messages, bool allowsAmbientIdentity)
    {
        if (!BayeuxExchange.IsWellFormed(messages))
        {
            answers.Refuse(StatusCodes.Status400BadRequest);
            return;
        }

        var exchange = await BayeuxExchange.RunAsync(services, new(http, allowsAmbientIdentity), messages);
        if (exchange.Connect is { } connect)
        {
            await HoldAsync(exchange, connect);
        }
        else if (services.Options.DeliversWithAnyReply && exchange is { HasDisconnected: false, Session: { Acknowledges: false } session })
        {
            await session.Queue.AnswerAsync((batch, stop) => answers.WriteAsync(batch.Frames, exchange.Replies, stop), MaxEventBytes, http.RequestAborted);
        }
        else
        {
            await answers.WriteAsync(exchange.Replies);
        }
    }

    /// <summary>Holds a connect until there is something to say, and says it.</summary>
    private async Task HoldAsync(BayeuxExchange exchange, BayeuxConnect connect)
    {
        var queue = connect.Session.Queue;
        if (queue.TryAttach() is not { } attachment)
        {
            await answers.WriteAsync(exchange.With(BayeuxExchange.Ended(connect, queue.End)));
            return;
        }

        var counts = connect.Window > TimeSpan.Zero && HttpProtocol.IsHttp11(http.Request.Protocol);
        var isSurplus = counts && !services.Browsers.TryEnter(connect.Session);
        try
        {
            using (attachment)
            {
                await AnswerAsync(exchange, isSurplus ? Shorten(connect) : connect, attachment);
            }
        }
        finally
        {
            if (counts && !isSurplus)
            {
                services.Browsers.Leave(connect.Session);
            }
        }

        if (isSurplus)
        {
            queue.Touch(services.Options.MultiSessionInterval + services.Options.MaxInterval);
        }
    }

    private BayeuxConnect Shorten(BayeuxConnect connect) => connect with
    {
        Window = TimeSpan.Zero,
        Reply = connect.Reply with { Advice = services.Advice with { Interval = services.Options.MultiSessionInterval, HasMultipleClients = true } },
    };

    private async ValueTask AnswerAsync(BayeuxExchange exchange, BayeuxConnect connect, SessionAttachment attachment)
    {
        try
        {
            await attachment.AnswerAsync(
                connect.Window,
                MaxEventBytes,
                (signal, batch, stop) => AnswerAsync(exchange, connect, signal, batch, stop),
                http.RequestAborted);
        }
        catch (OperationCanceledException) when (attachment.Stop.IsCancellationRequested)
        {
            // It did not take the answer in time, and the session is no longer its own.
            http.Abort();
        }
    }

    private ValueTask AnswerAsync(BayeuxExchange exchange, BayeuxConnect connect, SessionSignal signal, SessionBatch batch, CancellationToken stop)
    {
        var reply = signal switch
        {
            SessionSignal.Ended => BayeuxExchange.Ended(connect, connect.Session.Queue.End),
            SessionSignal.Replaced => connect.Reply with { Error = BayeuxErrors.ConnectReplaced },
            _ => connect.Reply with { Batch = batch.Number },
        };
        if (signal == SessionSignal.Replaced && exchange.Replies.Count == 1)
        {
            // A newer connect has the session. An error keeps two pages with one session from waking each other at full speed.
            answers.Refuse(StatusCodes.Status409Conflict);
            return default;
        }

        return answers.WriteAsync(batch.Frames, exchange.With(reply), stop);
    }
}
