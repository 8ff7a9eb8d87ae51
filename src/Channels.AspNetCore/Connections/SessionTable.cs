using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Channels.AspNetCore.Connections;

/// <summary>
/// The sessions of a front end, at most so many, found by secret id. A drain of the engine ends them all, spread as their connections are:
/// each with <see cref="SessionEnd.Draining"/>, so that its transport says so in the front end's words.
/// </summary>
internal sealed class SessionTable : IDisposable
{
    /// <summary>Longest id that a client may choose, in characters.</summary>
    public const int MaxIdLength = 128;

    private const int IdBytes = 16;

    // By hash: how long a lookup takes tells nothing about the ids that exist.
    private readonly ConcurrentDictionary<UInt128, Session> _sessions = new();
    private readonly SessionSettings _settings;
    private readonly SessionMetrics _metrics;
    private readonly Deadlines _deadlines;
    private readonly SessionFarewells _farewells;
    private int _count;

    public SessionTable(SessionSettings settings, SessionMetrics metrics)
    {
        _settings = settings;
        _metrics = metrics;
        _deadlines = new(settings.Time);
        _farewells = new(settings, _deadlines, metrics);
    }

    /// <summary>How many sessions there are, those that are just ending included.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The sessions at this moment, those that are just ending included, in no order.</summary>
    public IEnumerable<Session> All => _sessions.Select(static entry => entry.Value);

    /// <summary>The deadlines of the sessions, on one timer, for whatever else of the front end has a time limit.</summary>
    public Deadlines Deadlines => _deadlines;

    /// <summary>Opens a session, which owns its connection from then on.</summary>
    /// <param name="setup">What it is.</param>
    /// <param name="session">The session; <see langword="null"/> unless it was opened, and then the connection stays the caller's.</param>
    public SessionOpening TryOpen(SessionSetup setup, out Session? session)
    {
        var opening = TryAdd(setup, out session);
        if (opening != SessionOpening.Opened)
        {
            _metrics.Refused(_settings.Protocol, opening);
        }

        return opening;
    }

    /// <summary>Finds a session that has not ended.</summary>
    /// <param name="id">Its secret id, as the client sent it.</param>
    public Session? Find(string? id) =>
        id is { Length: > 0 and <= MaxIdLength } && _sessions.TryGetValue(Hash(id), out var session) && session.End == SessionEnd.None
            ? session
            : null;

    /// <summary>Finds what a session has to say that has ended, from its end on until its farewell is forgotten. Its id may be given anew all the while.</summary>
    /// <param name="id">Its secret id, as the client sent it.</param>
    /// <returns><see langword="null"/> when it has nothing to say, lives, or is not known.</returns>
    public object? FindFarewell(string? id)
    {
        if (id is not { Length: > 0 and <= MaxIdLength })
        {
            return null;
        }

        var hash = Hash(id);
        return _sessions.TryGetValue(hash, out var session)
            ? session.End == SessionEnd.None ? null : session.Farewell
            : _farewells.Find(hash);
    }

    public void Dispose() => _deadlines.Dispose();

    private static UInt128 Hash(string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(id), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private SessionOpening TryAdd(SessionSetup setup, out Session? session)
    {
        session = null;
        if (setup.Connection.End == ConnectionEnd.Draining)
        {
            return SessionOpening.Draining;
        }

        if (Interlocked.Increment(ref _count) > _settings.MaxSessions)
        {
            Interlocked.Decrement(ref _count);
            return SessionOpening.Full;
        }

        var id = setup.Id ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));
        var added = new Session(id, setup, _settings, _deadlines, _metrics);
        if (!TryPlace(Hash(id), added))
        {
            Interlocked.Decrement(ref _count);
            return SessionOpening.Taken;
        }

        added.Open();
        _metrics.Opened(_settings.Protocol);
        _ = RemoveAsync(added);
        session = added;
        return SessionOpening.Opened;
    }

    /// <summary>Gives a session its place, unless a living one has it.</summary>
    private bool TryPlace(UInt128 place, Session added)
    {
        while (!_sessions.TryAdd(place, added))
        {
            if (!_sessions.TryGetValue(place, out var older))
            {
                continue;
            }

            if (older.End == SessionEnd.None)
            {
                return false;
            }

            // It cannot be found any more, though its last answer may still be under way: a client may come back by its id at once.
            if (_sessions.TryUpdate(place, added, older))
            {
                return true;
            }
        }

        return true;
    }

    private async Task RemoveAsync(Session session)
    {
        await session.Finished;
        var hash = Hash(session.Id);
        if (_settings.FarewellLifetime > TimeSpan.Zero && session.Farewell is { } farewell)
        {
            // First, so that there is no moment at which it is nowhere.
            _farewells.Add(hash, farewell);
        }

        _sessions.TryRemove(KeyValuePair.Create(hash, session));
        Interlocked.Decrement(ref _count);
        _metrics.Finished(_settings.Protocol);
    }
}
