using System.Collections.Concurrent;
using Channels.Storage.Sqlite.Writing;
using Dapper;
using Microsoft.Extensions.Logging;

namespace Channels.Storage.Sqlite.Ids;

/// <summary>The instances in use, and the reservation of their ids. Everything but <see cref="FindView"/> belongs to the writer thread.</summary>
internal sealed class InstanceTable(WriterSession session, IdFile ids, int blockSize, ILogger logger)
{
    private const int MostHoles = 256;
    private readonly ConcurrentDictionary<string, InstanceState> _states = new(StringComparer.Ordinal);

    /// <summary>Finds what readers need without asking the writer thread; <see langword="null"/> when it has to be asked.</summary>
    public InstanceView? FindView(string instance) => _states.TryGetValue(instance, out var state) ? state.View : null;

    /// <summary>Gets an instance, reading what is stored of it when that is not known.</summary>
    public InstanceState Get(string instance)
    {
        var state = _states.GetOrAdd(instance, static name => new InstanceState(name));
        if (!state.IsLoaded)
        {
            Load(state);
        }
        else if (state.View is null)
        {
            ReadAgain(state);
        }

        return state;
    }

    /// <summary>Makes sure that a number of ids may be given; on disk before any of them is.</summary>
    public void Reserve(InstanceState state, int count)
    {
        if (state.Tried + count <= state.ReservedThrough)
        {
            return;
        }

        var through = state.Tried + Math.Max(blockSize, count);
        if (through >= MessageKey.MaxId)
        {
            throw new ChannelStoreException($"The instance '{state.Name}' has used up its ids.");
        }

        ids.Write(new IdRecord(state.Name, through, IdRecord.InUse, state.LastCreatedAt));
        EnsureRow(state);
        session.Connection.Execute(
            "UPDATE instances SET reserved_through = max(reserved_through, @through), clean = 0 WHERE id = @Row",
            new { through, state.Row });
        SaveHole(state);
        state.ReservedThrough = through;
    }

    /// <summary>Makes sure that the database knows the instance.</summary>
    public void EnsureRow(InstanceState state)
    {
        session.Begin(state);
        if (state.Row != InstanceState.NoRow)
        {
            return;
        }

        var row = session.Connection.ExecuteScalar<long>("SELECT ifnull(max(id) + 1, 0) FROM instances");
        if (row > MessageKey.MaxInstance)
        {
            throw new ChannelStoreException($"The database holds {row} instances and cannot take another one.");
        }

        session.Connection.Execute("INSERT INTO instances (id, name) VALUES (@row, @Name)", new { row, state.Name });
        state.Row = row;
    }

    /// <summary>Writes the exact heads, so that the next run goes on without a hole; first into the database.</summary>
    public void SaveHeads()
    {
        foreach (var state in UsedStates())
        {
            session.Begin(state);
            session.Connection.Execute(
                "UPDATE instances SET head = @Head, head_time = @LastCreatedAt, clean = 1 WHERE id = @Row",
                new { state.Head, state.LastCreatedAt, state.Row });
        }

        session.Commit();
    }

    /// <summary>Second part of <see cref="SaveHeads"/>, after the database is on disk.</summary>
    public void SaveHeadsBeside() =>
        ids.Write([.. UsedStates().Select(state => new IdRecord(state.Name, state.ReservedThrough, state.Head, state.LastCreatedAt))]);

    private IEnumerable<InstanceState> UsedStates() => _states.Values.Where(state => state.View is not null && state.ReservedThrough > 0);

    private void Load(InstanceState state)
    {
        var stored = ReadRow(state);
        var (newest, newestTime) = ReadNewest(state);
        var side = ids.Find(state.Name);
        var mark = stored is null
            ? null
            : new InstanceMark(Math.Max(stored.Head, newest), stored.ReservedThrough, stored.Clean != 0);
        var start = RunStart.Decide(mark, side);
        state.Head = state.Tried = start.Start;
        state.LastCreatedAt = Math.Max(Math.Max(stored?.HeadTime ?? 0, newestTime), side?.LastCreatedAt ?? 0);
        state.Holes = [.. ReadHoles(state)];
        if (start.Hole is { } hole)
        {
            state.UnsavedHole = hole;
            state.Holes.Add(hole);
            Log.HoleFound(logger, state.Name, hole.After.Value, hole.Before.Value);
        }

        state.IsLoaded = true;
        state.Publish();
    }

    // Whether a failed transaction was committed after all is seen by the newest message.
    private void ReadAgain(InstanceState state)
    {
        ReadRow(state);
        var (newest, newestTime) = ReadNewest(state);
        state.Head = Math.Max(state.CommittedHead, newest);
        state.Tried = Math.Max(state.Tried, state.Head);
        state.LastCreatedAt = Math.Max(state.LastCreatedAt, newestTime);
        state.ReservedThrough = 0;
        state.Publish();
    }

    private InstanceRow? ReadRow(InstanceState state)
    {
        var stored = session.Connection.QuerySingleOrDefault<InstanceRow>(
            "SELECT id Id, head Head, head_time HeadTime, reserved_through ReservedThrough, clean Clean FROM instances WHERE name = @Name",
            new { state.Name });
        state.Row = stored?.Id ?? InstanceState.NoRow;
        return stored;
    }

    private (long Id, long CreatedAt) ReadNewest(InstanceState state)
    {
        if (state.Row == InstanceState.NoRow)
        {
            return default;
        }

        var (key, createdAt) = session.Connection.QuerySingleOrDefault<(long Key, long CreatedAt)>(
            "SELECT key, created_at FROM messages WHERE key BETWEEN @first AND @end ORDER BY key DESC LIMIT 1",
            new { first = MessageKey.Of(state.Row, 0), end = MessageKey.End(state.Row) });
        return (MessageKey.IdOf(key), createdAt);
    }

    private IEnumerable<IdHole> ReadHoles(InstanceState state) =>
        session.Connection
            .Query<(long After, long Before)>(
                "SELECT after_id, before_id FROM holes WHERE instance_id = @Row ORDER BY after_id",
                new { state.Row })
            .Select(hole => new IdHole(new(hole.After), new(hole.Before)));

    private void SaveHole(InstanceState state)
    {
        if (state.UnsavedHole is not { } hole)
        {
            return;
        }

        session.Connection.Execute(
            "INSERT OR REPLACE INTO holes (instance_id, after_id, before_id) VALUES (@Row, @After, @Before)",
            new { state.Row, After = hole.After.Value, Before = hole.Before.Value });
        session.AfterCommit(() => state.UnsavedHole = null);
        if (state.Holes.Count > MostHoles)
        {
            MergeOldestHoles(state);
        }
    }

    // The number of holes stays bounded; what the merged hole has in addition is old, and a cursor there is told of a gap needlessly.
    private void MergeOldestHoles(InstanceState state)
    {
        var (first, second) = (state.Holes[0], state.Holes[1]);
        var parameters = new { state.Row, First = first.After.Value, Second = second.After.Value, Before = second.Before.Value };
        session.Connection.Execute("DELETE FROM holes WHERE instance_id = @Row AND after_id = @Second", parameters);
        session.Connection.Execute("UPDATE holes SET before_id = @Before WHERE instance_id = @Row AND after_id = @First", parameters);
        state.Holes = [new IdHole(first.After, second.Before), .. state.Holes.Skip(2)];
    }

    private sealed record InstanceRow(long Id, long Head, long HeadTime, long ReservedThrough, long Clean);
}
