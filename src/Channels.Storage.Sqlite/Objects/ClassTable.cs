using Channels.Storage.Sqlite.Connections;
using Channels.Storage.Sqlite.Ids;
using Channels.Storage.Sqlite.Writing;
using Dapper;

namespace Channels.Storage.Sqlite.Objects;

/// <summary>Changes stored classes, and knows their versions and counts for the changes of objects.</summary>
internal sealed class ClassTable(WriterSession session, InstanceTable instances)
{
    private const int MostRemembered = 4096;

    private readonly Statement _find = session.Prepare("SELECT id, version, object_count FROM classes WHERE instance_id = ? AND name = ?");
    private readonly Statement _setCount = session.Prepare("UPDATE classes SET object_count = ? WHERE id = ?");
    private readonly Dictionary<(string Instance, string Name), ClassState> _states = [];
    private readonly HashSet<ClassState> _changed = [];

    public ClassState? Find(InstanceState instance, string name)
    {
        if (_states.TryGetValue((instance.Name, name), out var known))
        {
            return known;
        }

        if (!_find.Bind(1, instance.Row).Bind(2, name).Step())
        {
            return null;
        }

        if (_states.Count == MostRemembered)
        {
            _states.Clear();
        }

        var found = new ClassState(_find.Long(0), _find.Long(1), _find.Long(2));
        _find.Reset();
        _states.Add((instance.Name, name), found);
        return found;
    }

    /// <summary>Counts an object that came or went; written with <see cref="SaveCounts"/>.</summary>
    public void Count(ClassState state, int change)
    {
        state.Count += change;
        _changed.Add(state);
    }

    public void SaveCounts()
    {
        foreach (var state in _changed)
        {
            _setCount.Bind(1, state.Count).Bind(2, state.Row).Run();
        }

        _changed.Clear();
    }

    public ObjectClass? Create(ObjectClass objectClass)
    {
        var instance = instances.Get(objectClass.Instance);
        if (Find(instance, objectClass.Name) is not null)
        {
            return null;
        }

        instances.EnsureRow(instance);
        var row = session.Connection.ExecuteScalar<long>("SELECT ifnull(max(id) + 1, 0) FROM classes");
        if (row > MessageKey.MaxInstance)
        {
            throw new ChannelStoreException($"The database holds {row} classes and cannot take another one.");
        }

        var numbers = session.Connection.QuerySingle<(long Version, long Sequence)>(
            """
            UPDATE instances SET last_version = last_version + 1, last_sequence = last_sequence + 1 WHERE id = @Row
            RETURNING last_version, last_sequence
            """,
            new { instance.Row });
        var stored = objectClass with { Version = numbers.Version, Sequence = numbers.Sequence };
        session.Connection.Execute(ClassRow.Insert, ClassRow.From(stored, instance.Row, row));
        return ClassQueries.Find(session.Connection, instance.Row, instance.Name, stored.Name);
    }

    public ObjectClass? Update(ObjectClass objectClass)
    {
        var instance = instances.Get(objectClass.Instance);
        if (Find(instance, objectClass.Name) is not { } current || current.Version != objectClass.Version)
        {
            return null;
        }

        session.Begin(instance);
        var next = session.Connection.ExecuteScalar<long>(
            "UPDATE instances SET last_version = last_version + 1 WHERE id = @Row RETURNING last_version",
            new { instance.Row });
        session.Connection.Execute(ClassRow.Update, ClassRow.From(objectClass with { Version = next }, instance.Row));
        _states.Remove((instance.Name, objectClass.Name));
        return ClassQueries.Find(session.Connection, instance.Row, instance.Name, objectClass.Name);
    }

    /// <summary>Deletes a class with its objects.</summary>
    public bool Delete(InstanceState instance, string name)
    {
        if (Find(instance, name) is not { } state)
        {
            return false;
        }

        session.Begin(instance);
        session.Connection.Execute(
            "DELETE FROM objects WHERE key BETWEEN @first AND @end; DELETE FROM classes WHERE id = @Row",
            new { state.Row, first = MessageKey.Of(state.Row, 0), end = MessageKey.End(state.Row) });
        _states.Remove((instance.Name, name));
        return true;
    }

    /// <summary>Forgets what it knows, when it was changed elsewhere or a transaction failed.</summary>
    public void Clear()
    {
        _states.Clear();
        _changed.Clear();
    }
}
