using Channels.Storage.Sqlite.Connections;
using Channels.Storage.Sqlite.Ids;
using Channels.Storage.Sqlite.Writing;
using Dapper;

namespace Channels.Storage.Sqlite.Objects;

/// <summary>Changes data objects. A change is decided before anything of it is written, so it cannot fail half-way.</summary>
internal sealed class ObjectTable(WriterSession session, ClassTable classes)
{
    private readonly Statement _find = session.Prepare("SELECT " + ObjectRow.Columns + " FROM objects WHERE key = ?");

    private readonly Statement _insert = session.Prepare(
        "INSERT INTO objects (" + ObjectRow.Columns + ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");

    private readonly Statement _update = session.Prepare(
        """
        UPDATE objects SET created_at = ?2, updated_at = ?3, revision = ?4, owner = ?5, owner_permission = ?6, group_id = ?7, group_permission = ?8,
            other_permission = ?9, channel = ?10, room = ?11, fields = ?12
        WHERE key = ?1
        """);

    private readonly Statement _delete = session.Prepare("DELETE FROM objects WHERE key = ?");
    private readonly Statement _lastId = session.Prepare("SELECT last_object FROM instances WHERE id = ?");
    private readonly Statement _setLastId = session.Prepare("UPDATE instances SET last_object = ? WHERE id = ?");
    private readonly Dictionary<InstanceState, long> _lastIds = [];
    private InstanceState? _grown;

    /// <summary>Makes a change.</summary>
    /// <param name="instance">Whose object.</param>
    /// <param name="change">The change.</param>
    /// <param name="time">Its time.</param>
    /// <returns>What was decided; <see langword="null"/> when the class is not the one that the change was made for.</returns>
    public ObjectDecision? Apply(InstanceState instance, ObjectChange change, DateTimeOffset time)
    {
        if (classes.Find(instance, change.Class) is not { } owner || owner.Version != change.ClassVersion)
        {
            return null;
        }

        var isNew = change.Id == 0;
        if (isNew && owner.Count >= change.MaxObjects)
        {
            return new ObjectDecision(ObjectStatus.LimitReached);
        }

        var current = isNew ? null : Find(instance, owner, change);
        var decision = change.Decide(current, isNew ? LastId(instance) + 1 : change.Id, time);
        if (decision.Status == ObjectStatus.Done)
        {
            session.Begin(instance);
            Write(instance, owner, decision, isNew);
        }

        return decision;
    }

    /// <summary>Writes what a batch of changes left to be written once.</summary>
    public void EndBatch()
    {
        classes.SaveCounts();
        if (_grown is { } instance)
        {
            _setLastId.Bind(1, _lastIds[instance]).Bind(2, instance.Row).Run();
            _grown = null;
        }
    }

    /// <summary>Removes the objects that are bound to a channel.</summary>
    public void RemoveBound(InstanceState instance, string channel)
    {
        session.Connection.Execute(
            """
            UPDATE classes SET object_count = object_count - gone.count
            FROM (SELECT key >> @IdBits AS class_id, count(*) AS count FROM objects WHERE channel = @channel GROUP BY 1) AS gone
            WHERE id = gone.class_id AND instance_id = @Row;

            DELETE FROM objects WHERE channel = @channel AND key >> @IdBits IN (SELECT id FROM classes WHERE instance_id = @Row);
            """,
            new { channel, instance.Row, MessageKey.IdBits });
        classes.Clear();
    }

    /// <summary>Forgets what it knows, after a transaction that failed.</summary>
    public void Clear()
    {
        _lastIds.Clear();
        _grown = null;
    }

    private DataObject? Find(InstanceState instance, ClassState owner, ObjectChange change)
    {
        if (!_find.Bind(1, MessageKey.Of(owner.Row, change.Id)).Step())
        {
            return null;
        }

        var found = ObjectRow.Read(_find, instance.Name, change.Class);
        _find.Reset();
        return found;
    }

    private void Write(InstanceState instance, ClassState owner, ObjectDecision decision, bool isNew)
    {
        if (decision.After is not { } after)
        {
            _delete.Bind(1, MessageKey.Of(owner.Row, decision.Before!.Id)).Run();
            classes.Count(owner, -1);
            return;
        }

        (isNew ? _insert : _update).Bind(1, MessageKey.Of(owner.Row, after.Id)).BindFacts(after).Run();
        if (isNew)
        {
            _lastIds[instance] = after.Id;
            _grown = instance;
            classes.Count(owner, 1);
        }
    }

    private long LastId(InstanceState instance)
    {
        if (!_lastIds.TryGetValue(instance, out var last))
        {
            last = _lastId.Bind(1, instance.Row).Scalar() ?? 0;
            _lastIds.Add(instance, last);
        }

        return last;
    }
}
