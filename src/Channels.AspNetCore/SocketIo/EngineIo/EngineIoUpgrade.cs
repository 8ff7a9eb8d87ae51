using System.Net.WebSockets;
using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.SocketIo.EngineIo;

/// <summary>
/// A WebSocket that takes a session over: the client probes, is answered, stops polling, and says that it has. Until then messages go out by
/// polling, and an open poll is answered again and again, since the client waits for it. From then on the socket is the session's.
/// </summary>
internal sealed class EngineIoUpgrade : IWebSocketMessages, IDeadlineListener, IDisposable
{
    private static readonly TimeSpan ReleaseInterval = TimeSpan.FromMilliseconds(100);
    private static readonly Frame Answer = EngineIoFrames.Packet(EngineIoPacketType.Pong, "probe"u8);

    private readonly EngineIoSession _session;
    private readonly WebSocketPeer _peer;
    private readonly EngineIoInbox _inbox;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<SessionAttachment?> _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Deadline _limit;
    private Deadline? _release;
    private bool _isProbed;

    public EngineIoUpgrade(EngineIoSession session, WebSocketPeer peer, TimeSpan timeout)
    {
        _session = session;
        _peer = peer;
        _inbox = new(session);
        _limit = session.Deadlines.Schedule(timeout, this);
    }

    /// <summary>Whether the socket has the session.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Waits for the hold on the session.</summary>
    /// <returns><see langword="null"/> when the socket does not get it.</returns>
    public async ValueTask<SessionAttachment?> WaitAsync(CancellationToken left)
    {
        await using var leaving = left.UnsafeRegister(static self => ((EngineIoUpgrade)self!).Decline(), this);
        return await _decided.Task;
    }

    public async ValueTask OnMessageAsync(WebSocketMessageType type, ReadOnlyMemory<byte> message)
    {
        if (IsComplete)
        {
            await _inbox.OnMessageAsync(type, message);
            return;
        }

        if (!EngineIoInbox.TryRead(_session, type, message, out var packet))
        {
            Decline();
        }
        else if (!_isProbed && packet.Type == EngineIoPacketType.Ping && packet.Data.Span.SequenceEqual("probe"u8))
        {
            _isProbed = true;
            Schedule();
            await _peer.SendAsync(Answer);
        }
        else if (_isProbed && packet.Type == EngineIoPacketType.Upgrade)
        {
            Complete();
        }
        else
        {
            Decline();
        }
    }

    public void OnRefused(WebSocketClosure closure)
    {
        // The socket closes by itself, and the session goes on by polling.
    }

    void IDeadlineListener.OnDue(Deadline deadline)
    {
        if (deadline == _limit)
        {
            Decline();
        }
        else if (!_decided.Task.IsCompleted)
        {
            _session.ReleasePoll();
            Schedule();
        }
    }

    public void Dispose()
    {
        Decline();
        _session.Deadlines.Cancel(_limit);
        lock (_gate)
        {
            _session.Deadlines.Cancel(_release);
        }
    }

    private void Complete()
    {
        lock (_gate)
        {
            if (_decided.Task.IsCompleted)
            {
                return;
            }

            IsComplete = _session.TryCompleteUpgrade(out var attachment);
            _decided.SetResult(attachment);
        }
    }

    private void Decline()
    {
        lock (_gate)
        {
            _decided.TrySetResult(null);
        }
    }

    private void Schedule()
    {
        lock (_gate)
        {
            if (!_decided.Task.IsCompleted)
            {
                _release = _session.Deadlines.Schedule(ReleaseInterval, this);
            }
        }
    }
}
