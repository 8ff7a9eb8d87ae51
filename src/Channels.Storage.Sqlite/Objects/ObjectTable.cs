using Channels.Storage.Sqlite.Connections;
using Channels.Storage.Sqlite.Ids;
using Channels.Storage.Sqlite.Writing;
using Dapper;

namespace Channels.Storage.Sqlite.Objects;

/// <summary>Changes data objects. A change is decided before anything of it is written, so it cannot fail half-way.</summary>
internal sealed class ObjectTable(WriterSession session, ClassTable classes)
{
    private readonly ObjectReader _reader = new(session);

    private readonly Statement _insert = session.Prepare(
        "INSERT INTO objects (" + ObjectRow.Columns + ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");

    private readonly Statement _update = session.Prepare(
        """
        UPDATE objects SET created_at = ?3, updated_at = ?4, revision = ?5, owner = ?6, owner_permission = ?7, group_id = ?8, group_permission = ?9,
            other_permission = ?10, channel = ?11, room = ?12, fields = ?13
        WHERE key = ?1 AND class_id = ?2
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

        var current = isNew ? null : _reader.Find(instance.Row, instance.Name, change.Class, change.Id);
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
            FROM (SELECT class_id, count(*) AS count FROM objects WHERE channel = @channel AND key BETWEEN @first AND @end GROUP BY class_id) AS gone
            WHERE id = gone.class_id;

            DELETE FROM objects WHERE channel = @channel AND key BETWEEN @first AND @end;
            """,
            new { channel, first = MessageKey.Of(instance.Row, 0), end = MessageKey.End(instance.Row) });
        classes.Clear();
    }

    /// <summary>Forgets what it knows, after a transaction that failed.</summary>
    public void Clear()
    {
        _lastIds.Clear();
        _grown = null;
    }

    private void Write(InstanceState instance, ClassState owner, ObjectDecision decision, bool isNew)
    {
        if (decision.After is not { } after)
        {
            _delete.Bind(1, MessageKey.Of(instance.Row, decision.Before!.Id)).Run();
            classes.Count(owner, -1);
            return;
        }

        (isNew ? _insert : _update).Bind(1, MessageKey.Of(instance.Row, after.Id)).Bind(2, owner.Row).BindFacts(after).Run();
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
