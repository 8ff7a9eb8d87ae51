using Channels.AspNetCore.Connections;
using Channels.AspNetCore.SocketIo.EngineIo;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.SocketIo.Packets;

/// <summary>A client in one namespace.</summary>
internal sealed class SocketIoSocket
{
    private readonly EngineIoSession _session;
    private readonly SocketIoInbox _inbox;
    private ISocketIoEvents? _events;

    public SocketIoSocket(EngineIoSession session, string name, SocketIoSettings settings)
    {
        _session = session;
        Namespace = name;
        Id = name == SocketIoConnection.MainNamespace ? session.Connection.Id : $"{session.Connection.Id}#{name}";
        _inbox = new(settings.MaxPendingEvents, settings.MaxPendingBytes);
    }

    public string Namespace { get; }

    /// <summary>Public id; in the main namespace that of the connection.</summary>
    public string Id { get; }

    public EngineIoRevision Revision => _session.Revision;

    public IChannelConnection Connection => _session.Connection;

    public Deadlines Deadlines => _session.Deadlines;

    /// <summary>What the client said when it opened its session.</summary>
    public IQueryCollection Query => _session.Query;

    public ISocketIoEvents? Events => _events;

    /// <summary>Begins; the client is told first.</summary>
    public void Open(ISocketIoApplication application, ReadOnlyMemory<byte> auth)
    {
        _session.SendText(SocketIoPacketWriter.Connected(Revision, Namespace, Id).Span);
        _events = application.Connect(this, auth);
    }

    /// <summary>Lets the connection's messages go by one form, or by <see cref="ISocketIoEvents.Encode"/> again; for the main namespace's socket.</summary>
    public void DeliverBy(IDeliveryForm? form) => _session.DeliverBy(form);

    /// <summary>Sends an event.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">Its arguments as JSON, commas between them; binary values have placeholders.</param>
    /// <param name="attachments">The binary values.</param>
    public void Emit(string name, ReadOnlySpan<byte> arguments, params ReadOnlySpan<ReadOnlyMemory<byte>> attachments) =>
        Send(SocketIoPacketWriter.Event(Revision, Namespace, name, arguments, attachments.Length), attachments);

    /// <summary>Answers an event.</summary>
    public void Acknowledge(long id, ReadOnlySpan<byte> arguments, params ReadOnlySpan<ReadOnlyMemory<byte>> attachments) =>
        Send(SocketIoPacketWriter.Ack(Revision, Namespace, id, arguments, attachments.Length), attachments);

    /// <summary>Takes an event; waits while too many are waiting.</summary>
    public ValueTask ReceiveAsync(SocketIoEventPacket packet) =>
        _inbox.AddAsync(cancellationToken => _events!.OnEventAsync(packet, cancellationToken), packet.Bytes);

    /// <summary>Does something between two events.</summary>
    /// <param name="work">What to do; must not throw.</param>
    public ValueTask PostAsync(Func<CancellationToken, ValueTask> work) => _inbox.AddAsync(work, bytes: 0);

    /// <summary>The client is gone, or has left the namespace.</summary>
    public void Leave()
    {
        if (_inbox.Close())
        {
            _events?.OnDisconnected();
        }
    }

    private void Send(ReadOnlyMemory<byte> text, ReadOnlySpan<ReadOnlyMemory<byte>> attachments) => _session.SendTogether(text.Span, attachments);
}
