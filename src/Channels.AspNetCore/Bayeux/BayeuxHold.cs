using Channels.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Bayeux;

/// <summary>A connect that a polling request holds. All that stays of the request while it waits. Source: docs/protocols/bayeux.md#connect</summary>
/// <param name="services">What the front end holds.</param>
/// <param name="http">The request.</param>
/// <param name="answers">Writes its answer.</param>
/// <param name="exchange">The replies to its messages.</param>
/// <param name="connect">The connect.</param>
internal sealed class BayeuxHold(BayeuxServices services, HttpContext http, BayeuxAnswers answers, BayeuxExchange exchange, BayeuxConnect connect)
{
    private const long MaxEventBytes = 1024 * 1024;

    /// <summary>Holds it until there is something to say, and says it.</summary>
    public async Task RunAsync()
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
                await attachment.AnswerAsync(isSurplus ? TimeSpan.Zero : connect.Window, MaxEventBytes, isSurplus ? AnswerSurplusAsync : AnswerAsync, http.RequestAborted);
            }
        }
        catch (OperationCanceledException) when (attachment.Stop.IsCancellationRequested)
        {
            // It did not take the answer in time, and the session is no longer its own.
            http.Abort();
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

    private ValueTask AnswerAsync(SessionSignal signal, SessionBatch batch, CancellationToken stop) => AnswerAsync(connect, signal, batch, stop);

    /// <summary>Sends away a connect of a browser that holds as many polls as it may.</summary>
    private ValueTask AnswerSurplusAsync(SessionSignal signal, SessionBatch batch, CancellationToken stop)
    {
        var advice = services.Advice with { Interval = services.Options.MultiSessionInterval, HasMultipleClients = true };
        return AnswerAsync(connect with { Reply = connect.Reply with { Advice = advice } }, signal, batch, stop);
    }

    private ValueTask AnswerAsync(BayeuxConnect answered, SessionSignal signal, SessionBatch batch, CancellationToken stop)
    {
        var reply = signal switch
        {
            SessionSignal.Ended => BayeuxExchange.Ended(answered, answered.Session.Queue.End),
            SessionSignal.Replaced => answered.Reply with { Error = BayeuxErrors.ConnectReplaced },
            _ when batch.Number == 0 => answered.Reply,
            _ => answered.Reply with { Batch = batch.Number },
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
