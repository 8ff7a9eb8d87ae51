using System.Globalization;
using System.Security.Cryptography;

namespace Channels.Engine;

/// <summary>The open connections, by id, by user and in the order in which they were opened.</summary>
internal sealed class ConnectionRegistry
{
    /// <summary>How many chains a connection is in.</summary>
    public const int Chains = 2;

    private const int All = 0;
    private const int OfUser = 1;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, ChannelConnection> _byNumber = [];
    private readonly Dictionary<string, ConnectionChain> _byUser = new(StringComparer.Ordinal);
    private readonly ConnectionChain _all = new(All);
    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"{RandomNumberGenerator.GetInt32(1, int.MaxValue)}.");
    private long _lastNumber;

    /// <summary>Adds a connection.</summary>
    /// <param name="limit">How many there may be.</param>
    /// <param name="make">Makes it with its number and id.</param>
    /// <returns>The connection; none when there are too many.</returns>
    public ChannelConnection? TryAdd(int limit, Func<long, string, ChannelConnection> make)
    {
        lock (_gate)
        {
            if (_all.Count >= limit)
            {
                return null;
            }

            var number = ++_lastNumber;
            var connection = make(number, string.Create(CultureInfo.InvariantCulture, $"{_prefix}{number}"));
            _byNumber.Add(number, connection);
            _all.Add(connection);
            AddToUser_NeedsLock(connection);
            return connection;
        }
    }

    /// <summary>Changes whose connection it is; one that has ended is only changed.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="change">Changes it.</param>
    public void Identify(ChannelConnection connection, Action change)
    {
        lock (_gate)
        {
            var isOpen = _byNumber.ContainsKey(connection.Number);
            if (isOpen)
            {
                RemoveFromUser_NeedsLock(connection);
            }

            change();
            if (isOpen)
            {
                AddToUser_NeedsLock(connection);
            }
        }
    }

    public void Remove(ChannelConnection connection)
    {
        lock (_gate)
        {
            if (!_byNumber.Remove(connection.Number))
            {
                return;
            }

            _all.Remove(connection);
            RemoveFromUser_NeedsLock(connection);
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _all.Count;
            }
        }
    }

    public ChannelConnection? Find(string id)
    {
        lock (_gate)
        {
            return TryReadNumber(id, out var number) ? _byNumber.GetValueOrDefault(number) : null;
        }
    }

    public ChannelConnection[] ToArray() => [.. Select(new(), after: 0, int.MaxValue)];

    public int CountOf(ConnectionQuery query)
    {
        if (query is { Instance: null, Protocol: null, Address: null })
        {
            lock (_gate)
            {
                return query.UserId is null ? _all.Count : _byUser.GetValueOrDefault(query.UserId)?.Count ?? 0;
            }
        }

        return Select(query, after: 0, int.MaxValue).Count;
    }

    /// <summary>Finds connections in the order in which they were opened.</summary>
    /// <param name="query">Which ones; its page is not looked at.</param>
    /// <param name="after">Only those with a greater number.</param>
    /// <param name="limit">How many at most.</param>
    public List<ChannelConnection> Select(ConnectionQuery query, long after, int limit)
    {
        var found = new List<ChannelConnection>();
        lock (_gate)
        {
            var chain = query.UserId is null ? _all : _byUser.GetValueOrDefault(query.UserId);
            var next = chain is null ? null
                : chain == _all && _byNumber.TryGetValue(after, out var known) ? chain.After(known)
                : chain.First;
            while (next is not null && found.Count < limit)
            {
                if (next.Number > after && next.Fits(query))
                {
                    found.Add(next);
                }

                next = chain!.After(next);
            }
        }

        return found;
    }

    public bool TryReadNumber(string id, out long number)
    {
        number = 0;
        return id.StartsWith(_prefix, StringComparison.Ordinal)
            && long.TryParse(id.AsSpan(_prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private void AddToUser_NeedsLock(ChannelConnection connection)
    {
        if (connection.Caller.UserId is { } user)
        {
            if (!_byUser.TryGetValue(user, out var chain))
            {
                chain = new(OfUser);
                _byUser.Add(user, chain);
            }

            chain.Add(connection);
        }
    }

    private void RemoveFromUser_NeedsLock(ChannelConnection connection)
    {
        if (connection.Caller.UserId is { } user && _byUser[user] is var chain)
        {
            chain.Remove(connection);
            if (chain.Count == 0)
            {
                _byUser.Remove(user);
            }
        }
    }
}
