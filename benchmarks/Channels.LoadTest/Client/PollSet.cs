using System.Diagnostics;
using Channels.LoadTest.Scenarios;
using Channels.LoadTest.Wires;

namespace Channels.LoadTest.Client;

/// <summary>Clients that poll the first channel.</summary>
internal sealed class PollSet : IAsyncDisposable
{
    private const int AtOnce = 32;

    private readonly Run _run;
    private readonly HttpLines _lines;
    private readonly PollLine[] _polls;

    private PollSet(Run run, HttpLines lines, int count)
    {
        _run = run;
        _lines = lines;
        _polls = new PollLine[count];
    }

    private ParallelOptions Parallelism => new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = _run.Cancelled };

    /// <summary>Connects clients; none of them polls yet.</summary>
    public static async Task<PollSet> OpenAsync(Run run, Wire wire, int count)
    {
        var set = new PollSet(run, await run.OpenLinesAsync(count), count);
        try
        {
            var lines = set._lines.All.ToArray();
            await Parallel.ForAsync(0, count, set.Parallelism, async (i, token) =>
                set._polls[i] = await wire.BeginPollsAsync(lines[i], Wire.Address(0), token));
            return set;
        }
        catch
        {
            set._lines.Dispose();
            throw;
        }
    }

    /// <summary>Sends a poll from each client, and waits until all of them wait in the server.</summary>
    public async Task ParkAsync()
    {
        foreach (var poll in _polls)
        {
            await poll.Line.SendAsync(poll.Request, _run.Cancelled);
        }

        await _run.ParkedAsync(_polls.Length);
    }

    /// <summary>Parks a poll of each client and wakes all of them by one message.</summary>
    /// <returns>Milliseconds from the order to publish to the last whole answer.</returns>
    public async Task<double> WakeAsync(int sequence)
    {
        var answers = _polls.Select(poll => poll.Line.ExchangeAsync(poll.Request, _run.Cancelled).AsTask()).ToArray();
        await _run.ParkedAsync(answers.Length);
        var published = Stopwatch.GetTimestamp();
        await _run.Control.BurstAsync(channels: 1, sequence, count: 1, _run.Cancelled);
        await Task.WhenAll(answers).WithinAsync(_run.Cancelled);
        var time = Stopwatch.GetElapsedTime(published);
        if (_polls.Any(poll => !poll.Line.Carries(sequence)))
        {
            _run.AddFault("a poll was answered with another message");
        }

        return time.TotalMilliseconds;
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Dispose();
        await Parallel.ForEachAsync(_polls.Where(poll => !poll.Farewell.IsEmpty), Parallelism, async (poll, token) =>
        {
            using var lines = await _run.OpenLinesAsync(1);
            await lines.All.Single().ExchangeAsync(poll.Farewell, token);
        });
    }
}
