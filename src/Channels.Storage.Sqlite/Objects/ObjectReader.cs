using Channels.Storage.Sqlite.Connections;

namespace Channels.Storage.Sqlite.Objects;

/// <summary>Reads data objects on one connection; each read is one statement.</summary>
internal sealed class ObjectReader(SqliteSession session)
{
    // The key of an id in a class; 140737488355328 is 2^47 (MessageKey).
    private const string KeyOf = "(SELECT id FROM classes WHERE instance_id = ?1 AND name = ?2) * 140737488355328 + ";
    private const string Select = "SELECT " + ObjectRow.Columns + " FROM objects WHERE ";
    private const string Range = Select + "key > " + KeyOf + "?3 AND key < " + KeyOf + "?4 ORDER BY key ";

    private readonly Statement _one = session.Prepare(Select + "key = " + KeyOf + "?3");
    private readonly Statement _ascending = session.Prepare(Range + "LIMIT ?5");
    private readonly Statement _descending = session.Prepare(Range + "DESC LIMIT ?5");

    public DataObject? Find(long row, string instance, string className, long id)
    {
        if (!_one.Bind(1, row).Bind(2, className).Bind(3, Math.Clamp(id, 0, MessageKey.MaxId)).Step())
        {
            return null;
        }

        var found = ObjectRow.Read(_one, instance, className);
        _one.Reset();
        return found;
    }

    public IReadOnlyList<DataObject> List(long row, string instance, string className, ObjectListQuery query)
    {
        var statement = (query.NewestFirst ? _descending : _ascending)
            .Bind(1, row)
            .Bind(2, className)
            .Bind(3, Math.Clamp(query.After ?? 0, 0, MessageKey.MaxId))
            .Bind(4, Math.Clamp(query.Before ?? long.MaxValue, 0, MessageKey.MaxId))
            .Bind(5, query.Limit);
        var found = new List<DataObject>();
        try
        {
            while (statement.Step())
            {
                found.Add(ObjectRow.Read(statement, instance, className));
            }
        }
        finally
        {
            statement.Reset();
        }

        return found;
    }
}
