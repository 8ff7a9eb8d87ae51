using System.Runtime.CompilerServices;

namespace Channels.Engine;

/// <summary>What the registry knows of the connection.</summary>
internal sealed partial class ChannelConnection
{
    private readonly DateTimeOffset _since;
    private LinkSet _links;

    /// <summary>Its place among all connections; the last part of its id.</summary>
    public long Number { get; }

    /// <summary>Its neighbours in a chain of the registry, which guards them.</summary>
    public ref ConnectionLinks Links(int chain) => ref _links[chain];

    public string? InstanceName => Volatile.Read(ref _instance)?.Name ?? _options.Instance ?? Caller.Instance;

    public void Identify(ChannelCaller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        _engine.Registry.Identify(this, () => _caller = caller);
        _context.Deadlines.Remove(this);
        Start();
    }

    /// <summary>Whether it is one of those that a query means, its page aside.</summary>
    public bool Fits(ConnectionQuery query) =>
        (query.Instance is null || string.Equals(query.Instance, InstanceName, StringComparison.Ordinal))
        && (query.UserId is null || string.Equals(query.UserId, Caller.UserId, StringComparison.Ordinal))
        && (query.Protocol is null || string.Equals(query.Protocol, Protocol, StringComparison.Ordinal))
        && (query.Address is not { } address || Find(address) is not null);

    public ConnectionInfo Describe()
    {
        var readers = AllReaders();
        var patterns = Volatile.Read(ref _patterns);
        var presence = Volatile.Read(ref _presence);
        var held = Held?.Invoke() ?? default;
        foreach (var reader in readers)
        {
            var (messages, bytes) = reader.Lag;
            held = new(held.Messages + messages, held.Bytes + bytes);
        }

        return new(Id, Protocol, Caller, InstanceName, _since)
        {
            Subscriptions = Array.ConvertAll(readers, reader => reader.Feed.Address),
            Patterns = Array.ConvertAll(patterns, subscription => subscription.Pattern.Text),
            Presences = [.. presence.Where(reader => reader.Member is not null).Select(reader => reader.Presence.Address)],
            Queue = held,
        };
    }

    /// <summary>Tells handlers that it was opened or has ended.</summary>
    public void Tell(ChannelEventKinds kind)
    {
        if (_context.Events.Wants(kind))
        {
            _context.Events.Report(
                _context.Events.Now(kind, InstanceName ?? ChannelAddress.DefaultInstance) with { Connection = Describe(), End = End });
        }
    }

    /// <summary>Ends what it does on an address, between two ids.</summary>
    /// <returns>Whether it did anything there.</returns>
    public bool EndOn(ChannelAddress address)
    {
        var reader = Find(address) ?? Find(address with { Room = null });
        var present = FindPresence(address);
        return (reader is not null || present is not null) && _instance!.Log.EndOn(reader, present);
    }

    [InlineArray(ConnectionRegistry.Chains)]
    private struct LinkSet
    {
        private ConnectionLinks _first;
    }
}
