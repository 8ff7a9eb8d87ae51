using Channels.LoadTest.Wires;

namespace Channels.LoadTest.Client;

/// <summary>All WebSocket clients of one run.</summary>
internal sealed class ConnectionSet : IDisposable
{
    private const int ConnectingAtOnce = 32;

    private readonly LeanConnection?[] _connections;

    private ConnectionSet(int size)
    {
        _connections = new LeanConnection?[size];
        Audience = new(size);
    }

    public Audience Audience { get; }

    public int Count => _connections.Length;

    /// <summary>The first frame that the first client received.</summary>
    public string Greeting => _connections[0]!.Greeting!;

    /// <summary>Bytes received for each message, with the frame's header.</summary>
    public double BytesPerMessage => _connections.Sum(connection => (double)connection!.Bytes) / Math.Max(1, Received);

    public long Received => _connections.Sum(connection => connection!.Check.Received);

    /// <summary>Connects clients and waits until the server has greeted all.</summary>
    /// <param name="wire">How the server is spoken to.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="room">Which channel a client subscribes to, and from which position.</param>
    /// <param name="size">How many clients.</param>
    /// <param name="firstTarget">How many messages each will receive at first, if anybody wants to know when.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ConnectionSet> OpenAsync(
        Wire wire, int port, Func<int, StreamStart> room, int size, long? firstTarget, CancellationToken cancellationToken)
    {
        var set = new ConnectionSet(size);
        try
        {
            var reached = firstTarget is { } target ? set.Audience.Expect(target) : Task.CompletedTask;
            var settings = new ParallelOptions { MaxDegreeOfParallelism = ConnectingAtOnce, CancellationToken = cancellationToken };
            await Parallel.ForAsync(0, size, settings, async (i, token) =>
                set._connections[i] = await LeanConnection.OpenAsync(port, wire.Upgrade(room(i)), wire.Hello, wire.Greets, set.Audience, token));
            await set.Audience.AllReady.WithinAsync(cancellationToken);
            await reached.WithinAsync(cancellationToken);
            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    /// <summary>Says what is wrong with what was received; <see langword="null"/> if nothing is.</summary>
    /// <param name="published">How many messages each client should have received.</param>
    public string? FindFault(long published)
    {
        var checks = _connections.Select(connection => connection!.Check).ToArray();
        var (lost, twice, late) = (checks.Sum(check => check.Lost(published)), checks.Sum(check => check.Duplicates), checks.Sum(check => check.Late));
        return lost + twice + late == 0 ? null : $"{lost} lost, {twice} twice, {late} out of order, of {published * Count}";
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection?.Dispose();
        }
    }
}
