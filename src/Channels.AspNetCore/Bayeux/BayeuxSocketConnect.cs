using System.Net.WebSockets;
using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.Bayeux;

/// <summary>
/// A connect that is held on a WebSocket. Without acknowledgement events go out as they come and the connect stays; with it they release the
/// connect, whose reply names their batch.
/// </summary>
internal sealed class BayeuxSocketConnect(BayeuxSocket socket, BayeuxConnect connect) : IDeadlineListener
{
    private const long MaxEventBytes = 256 * 1024;

    private SessionAttachment? _attachment;

    private Session Queue => connect.Session.Queue;

    /// <summary>Holds and answers it; does not fail when the client leaves.</summary>
    public async Task RunAsync()
    {
        try
        {
            if (Queue.TryAttach() is not { } attachment)
            {
                await ReplyAsync(BayeuxExchange.Ended(connect, Queue.End));
                return;
            }

            using (_attachment = attachment)
            {
                await HoldAsync(attachment);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or IOException)
        {
            // The client left, or did not take what was sent in time.
        }
    }

    void IDeadlineListener.OnDue(Deadline deadline) => _attachment!.Release();

    private async Task HoldAsync(SessionAttachment attachment)
    {
        if (connect.Window == TimeSpan.Zero)
        {
            await AnswerAsync(attachment, TimeSpan.Zero);
        }
        else if (connect.Session.Acknowledges)
        {
            await AnswerAsync(attachment, connect.Window);
        }
        else
        {
            await PushAsync(attachment);
        }
    }

    /// <summary>Sends events as they come until the connect is due, and then the reply.</summary>
    private async Task PushAsync(SessionAttachment attachment)
    {
        // One deadline for the whole connect: a wait for each delivery would set and cancel one each time.
        var deadline = Queue.Deadlines.Schedule(connect.Window, this);
        try
        {
            var signal = await attachment.ServeAsync((batch, stop) => socket.SendAsync(batch.Frames, null, stop), MaxEventBytes, socket.Left);
            if (signal != SessionSignal.ClientLeft)
            {
                await ReplyAsync(ReplyTo(signal, batch: 0));
            }
        }
        finally
        {
            Queue.Deadlines.Cancel(deadline);
        }
    }

    /// <summary>Holds until there is an event or the window closes, and answers with what there is.</summary>
    private async Task AnswerAsync(SessionAttachment attachment, TimeSpan window) => await attachment.AnswerAsync(
        window,
        MaxEventBytes,
        (signal, batch, stop) => socket.SendAsync(batch.Frames, ReplyTo(signal, batch.Number), stop),
        socket.Left);

    private BayeuxReply ReplyTo(SessionSignal signal, long batch) => signal switch
    {
        SessionSignal.Ended => BayeuxExchange.Ended(connect, Queue.End),
        SessionSignal.Replaced => connect.Reply with { Error = BayeuxErrors.ConnectReplaced, Advice = null },
        _ => connect.Reply with { Batch = batch },
    };

    private ValueTask ReplyAsync(BayeuxReply reply) => socket.SendAsync(default, reply, CancellationToken.None);
}
