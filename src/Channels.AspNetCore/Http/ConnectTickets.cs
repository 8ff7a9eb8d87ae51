using System.Buffers.Text;
using System.Security.Cryptography;

namespace Channels.AspNetCore.Http;

/// <summary>One-time tickets that stand for credentials, for clients that cannot set headers. Kept as hashes, in memory.</summary>
internal sealed class ConnectTickets(TimeProvider time, TimeSpan lifetime, int capacity)
{
    private const int TicketBytes = 32;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _byHash = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byAge = [];

    /// <summary>Issues a ticket.</summary>
    /// <returns>The ticket, or <see langword="null"/> when as many as permitted are unused.</returns>
    public string? TryIssue(ChannelCredentials credentials)
    {
        var ticket = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TicketBytes));
        var entry = new Entry(Hash(ticket), credentials, time.GetUtcNow() + lifetime);
        lock (_gate)
        {
            DropExpired_NeedsLock();
            if (_byAge.Count >= capacity)
            {
                return null;
            }

            _byHash.Add(entry.Hash, _byAge.AddLast(entry));
        }

        return ticket;
    }

    /// <summary>Takes a ticket; a second time it is unknown.</summary>
    public ChannelCredentials? Redeem(string ticket)
    {
        var hash = Hash(ticket);
        lock (_gate)
        {
            DropExpired_NeedsLock();
            if (!_byHash.Remove(hash, out var node))
            {
                return null;
            }

            _byAge.Remove(node);
            return node.Value.Credentials;
        }
    }

    private static string Hash(string ticket) => Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(ticket)));

    private void DropExpired_NeedsLock()
    {
        var now = time.GetUtcNow();
        while (_byAge.First is { } oldest && oldest.Value.ExpiresAt <= now)
        {
            _byAge.RemoveFirst();
            _byHash.Remove(oldest.Value.Hash);
        }
    }

    private sealed record Entry(string Hash, ChannelCredentials Credentials, DateTimeOffset ExpiresAt);
}
