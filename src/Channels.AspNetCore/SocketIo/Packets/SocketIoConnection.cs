using Channels.AspNetCore.Connections;
using Channels.AspNetCore.SocketIo.EngineIo;

namespace Channels.AspNetCore.SocketIo.Packets;

/// <summary>The sockets of one session: joins and leaves namespaces, puts packets and their binary values together.</summary>
internal sealed class SocketIoConnection : IEngineIoMessages, IDeadlineListener
{
    public const string MainNamespace = "/";

    private readonly EngineIoSession _session;
    private readonly ISocketIoApplication _application;
    private readonly SocketIoSettings _settings;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SocketIoSocket> _sockets = new(StringComparer.Ordinal);
    private readonly List<ReadOnlyMemory<byte>> _attachments = [];
    private SocketIoPacket? _incomplete;
    private int _attachmentBytes;
    private Deadline? _connectLimit;
    private volatile SocketIoSocket? _main;
    private bool _isClosed;

    public SocketIoConnection(EngineIoSession session, ISocketIoApplication application, SocketIoSettings settings)
    {
        _session = session;
        _application = application;
        _settings = settings;
    }

    /// <summary>Clients 1.x and 2.x are in the main namespace at once; others have some time to say where they want to be.</summary>
    public void Open()
    {
        if (_session.Revision == EngineIoRevision.V3)
        {
            Join(MainNamespace, default);
        }
        else
        {
            _connectLimit = _session.Deadlines.Schedule(_settings.ConnectTimeout, this);
        }
    }

    public async ValueTask OnTextAsync(ReadOnlyMemory<byte> text)
    {
        if (_incomplete is not null || !SocketIoPacketReader.TryRead(text.ToArray(), _session.Revision, _settings, out var packet))
        {
            _session.Close();
            return;
        }

        if (packet.Attachments > 0)
        {
            _incomplete = packet;
            return;
        }

        await ReceiveAsync(packet, []);
    }

    public async ValueTask OnBinaryAsync(ReadOnlyMemory<byte> bytes)
    {
        if (_incomplete is not { } packet || bytes.Length > _settings.MaxAttachmentBytes - _attachmentBytes)
        {
            _session.Close();
            return;
        }

        _attachmentBytes += bytes.Length;
        _attachments.Add(bytes.ToArray());
        if (_attachments.Count < packet.Attachments)
        {
            return;
        }

        ReadOnlyMemory<byte>[] attachments = [.. _attachments];
        _incomplete = null;
        _attachments.Clear();
        _attachmentBytes = 0;
        await ReceiveAsync(packet, attachments);
    }

    public Frame Encode(in Delivery delivery) => _main?.Events?.Encode(delivery) ?? default;

    public void OnClosed()
    {
        SocketIoSocket[] sockets;
        lock (_gate)
        {
            _isClosed = true;
            sockets = [.. _sockets.Values];
            _sockets.Clear();
            _session.Deadlines.Cancel(_connectLimit);
        }

        foreach (var socket in sockets)
        {
            socket.Leave();
        }
    }

    void IDeadlineListener.OnDue(Deadline deadline) => _session.Close();

    private ValueTask ReceiveAsync(in SocketIoPacket packet, IReadOnlyList<ReadOnlyMemory<byte>> attachments)
    {
        if (packet.Type == SocketIoPacketType.Connect)
        {
            Connect(packet);
            return default;
        }

        if (Find(packet.Namespace) is not { } socket)
        {
            if (_session.Revision == EngineIoRevision.V4)
            {
                _session.Close();
            }

            return default;
        }

        switch (packet.Type)
        {
            case SocketIoPacketType.Event or SocketIoPacketType.BinaryEvent:
                return socket.ReceiveAsync(new(packet.Event!, packet.Arguments, attachments, packet.AckId));
            case SocketIoPacketType.Disconnect:
                Leave(socket);
                return default;
            default:
                // Answers to what nobody asked, and errors, which clients have no reason to send.
                return default;
        }
    }

    private void Connect(in SocketIoPacket packet)
    {
        if (!_application.HasNamespace(packet.Namespace))
        {
            _session.SendText(SocketIoPacketWriter.InvalidNamespace(_session.Revision, packet.Namespace).Span);
            return;
        }

        if (Find(packet.Namespace) is null)
        {
            Join(packet.Namespace, _session.Revision == EngineIoRevision.V4 ? packet.Payload : default);
        }
        else if (_session.Revision == EngineIoRevision.V4)
        {
            _session.Close();
        }
    }

    private SocketIoSocket? Find(string name)
    {
        lock (_gate)
        {
            return _sockets.GetValueOrDefault(name);
        }
    }

    private void Join(string name, ReadOnlyMemory<byte> auth)
    {
        var socket = new SocketIoSocket(_session, name, _settings);
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _sockets.Add(name, socket);
            _session.Deadlines.Cancel(_connectLimit);
            _connectLimit = null;
        }

        socket.Open(_application, auth);
        if (name == MainNamespace)
        {
            _main = socket;
        }

        if (Find(name) != socket)
        {
            // The session ended before there was anything to tell.
            socket.Leave();
        }
    }

    private void Leave(SocketIoSocket socket)
    {
        lock (_gate)
        {
            _sockets.Remove(socket.Namespace);
        }

        if (_main == socket)
        {
            _main = null;
        }

        socket.Leave();
    }
}
