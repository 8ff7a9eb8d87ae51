using System.Net.WebSockets;
using Channels.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.SocketIo.EngineIo;

/// <summary>Serves WebSockets: those that open a session, and those that take one over from polling. Source: docs/protocols/socketio.md#upgrade</summary>
internal sealed class EngineIoSockets(EngineIoServer server)
{
    private const int MaxBatchBytes = 64 * 1024;

    private static readonly WebSocketClosure Unwanted = new(WebSocketCloseStatus.NormalClosure, "");

    private readonly WebSocketLimits _limits = new() { MaxMessageBytes = server.Settings.MaxPayloadBytes };

    /// <summary>Serves the socket that opened a session until either ends.</summary>
    public async Task ServeAsync(HttpContext http, EngineIoSession session)
    {
        try
        {
            using var socket = await http.WebSockets.AcceptWebSocketAsync();
            var peer = PeerOf(http, socket, session);
            await peer.RunAsync(new EngineIoInbox(session), _limits, left => SendAsync(peer, session, session.Attach(), left));
        }
        finally
        {
            session.Lose();
        }
    }

    /// <summary>Lets a socket take a session over, if the client completes that; otherwise only the socket is closed.</summary>
    public async Task UpgradeAsync(HttpContext http, EngineIoSession session)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var peer = PeerOf(http, socket, session);
        if (!server.Settings.AllowUpgrades || !session.TryBeginUpgrade())
        {
            await peer.RunAsync(new EngineIoInbox(session), _limits with { Discards = true }, _ => new(Unwanted));
            return;
        }

        using var upgrade = new EngineIoUpgrade(session, peer, server.Settings.UpgradeTimeout);
        try
        {
            await peer.RunAsync(upgrade, _limits, async left =>
                await upgrade.WaitAsync(left) is { } attachment ? await SendAsync(peer, session, attachment, left) : Unwanted);
        }
        finally
        {
            if (upgrade.IsComplete)
            {
                session.Lose();
            }
            else
            {
                session.AbandonUpgrade();
            }
        }
    }

    private WebSocketPeer PeerOf(HttpContext http, WebSocket socket, EngineIoSession session) =>
        new(socket, http.UpgradedStream(), session.Deadlines, server.Settings.CloseTimeout);

    private static async ValueTask<WebSocketClosure> SendAsync(
        WebSocketPeer peer, EngineIoSession session, SessionAttachment? attachment, CancellationToken left)
    {
        using (attachment)
        {
            if (attachment is not null)
            {
                await attachment.ServeAsync((batch, stop) => peer.SendAsync(batch.Frames, stop), MaxBatchBytes, left);
            }

            return EngineIoErrors.ClosureOf(session.End);
        }
    }
}
