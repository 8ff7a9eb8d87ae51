using System.Collections.Immutable;
using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.Bayeux;

/// <summary>What this front end knows of a client beyond its queue. Source: docs/protocols/bayeux.md#sessions</summary>
/// <param name="caller">Who the client is.</param>
/// <param name="acknowledges">Whether it acknowledges batches.</param>
/// <param name="browser">The cookie of its browser, if it has one.</param>
/// <param name="forms">How events are spelled.</param>
internal sealed class BayeuxSession(ChannelCaller caller, bool acknowledges, string? browser, BayeuxForms forms)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Spellings> _subscriptions = new(StringComparer.Ordinal);
    private ImmutableHashSet<ChannelAddress> _slashed = [];
    private IReadOnlyList<ChannelAddress> _attended = [];
    private BayeuxSocket? _socket;
    private Session? _queue;
    private int _isConnected;

    /// <summary>How a channel was spelled by its subscriber.</summary>
    [Flags]
    private enum Spellings
    {
        None = 0,
        Plain = 1,
        Slashed = 2,
    }

    public ChannelCaller Caller => caller;

    public bool Acknowledges => acknowledges;

    public string? Browser => browser;

    /// <summary>Its queue and connection.</summary>
    public Session Queue => _queue!;

    public IChannelConnection Connection => Queue.Connection;

    /// <summary>Whether a connect came already.</summary>
    public bool IsConnected => Volatile.Read(ref _isConnected) != 0;

    public static BayeuxSession? Of(Session? queue) => (BayeuxSession?)queue?.State;

    public void Open(Session queue) => _queue = queue;

    /// <returns>Whether this is its first connect.</returns>
    public bool Connect() => Interlocked.Exchange(ref _isConnected, 1) == 0;

    /// <summary>Encodes a delivery in the spelling that the client subscribed with.</summary>
    public Frame Encode(in Delivery delivery)
    {
        var slashed = Volatile.Read(ref _slashed);
        return slashed.IsEmpty || !slashed.Contains(delivery.Address) ? forms.Plain.Encode(delivery) : forms.Slashed.Encode(delivery);
    }

    /// <summary>Notes that a channel is subscribed.</summary>
    /// <returns>Whether it was not, in this spelling.</returns>
    public bool Add(in BayeuxChannel channel, in ChannelAddress address)
    {
        lock (_gate)
        {
            var before = _subscriptions.GetValueOrDefault(channel.Path);
            var after = before | SpellingOf(channel);
            _subscriptions[channel.Path] = after;
            Respell_NeedsLock(address, after);
            return before != after;
        }
    }

    /// <summary>Notes that a channel is no longer subscribed.</summary>
    /// <returns>Whether no spelling of it is left, though one was.</returns>
    public bool Remove(in BayeuxChannel channel, in ChannelAddress address)
    {
        lock (_gate)
        {
            var before = _subscriptions.GetValueOrDefault(channel.Path);
            var after = before & ~SpellingOf(channel);
            if (after == Spellings.None)
            {
                _subscriptions.Remove(channel.Path);
            }
            else
            {
                _subscriptions[channel.Path] = after;
            }

            Respell_NeedsLock(address, after);
            return before != Spellings.None && after == Spellings.None;
        }
    }

    /// <summary>Notes where its user is present.</summary>
    public void Attend(IReadOnlyList<ChannelAddress> addresses) => Volatile.Write(ref _attended, addresses);

    /// <summary>Ends it because its client says so; its user goes at once.</summary>
    public void Disconnect()
    {
        foreach (var address in Volatile.Read(ref _attended))
        {
            Connection.Leave(address);
        }

        Queue.Close();
    }

    /// <summary>Makes a socket the one that is closed when the session ends.</summary>
    public void Bind(BayeuxSocket socket) => Volatile.Write(ref _socket, socket);

    /// <summary>Tells the socket that the session has ended.</summary>
    public void OnEnded(Session queue) => Volatile.Read(ref _socket)?.OnSessionEnded(this, queue.End);

    private static Spellings SpellingOf(in BayeuxChannel channel) => channel.HasFinalSlash ? Spellings.Slashed : Spellings.Plain;

    private void Respell_NeedsLock(in ChannelAddress address, Spellings spellings) =>
        Volatile.Write(ref _slashed, spellings == Spellings.Slashed ? _slashed.Add(address) : _slashed.Remove(address));
}
