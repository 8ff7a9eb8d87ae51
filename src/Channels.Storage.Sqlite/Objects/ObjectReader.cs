using Channels.Storage.Sqlite.Connections;

namespace Channels.Storage.Sqlite.Objects;

/// <summary>Reads data objects on one connection; each read is one statement.</summary>
internal sealed class ObjectReader(SqliteSession session)
{
    private const string OfClass = "class_id = (SELECT id FROM classes WHERE instance_id = ? AND name = ?)";
    private const string Select = "SELECT " + ObjectRow.Columns + " FROM objects WHERE " + OfClass;

    private readonly Statement _one = session.Prepare(Select + " AND key = ?");
    private readonly Statement _ascending = session.Prepare(Select + " AND key > ? AND key < ? ORDER BY key LIMIT ?");
    private readonly Statement _descending = session.Prepare(Select + " AND key > ? AND key < ? ORDER BY key DESC LIMIT ?");

    public DataObject? Find(long row, string instance, string className, long id)
    {
        if (!_one.Bind(1, row).Bind(2, className).Bind(3, MessageKey.Of(row, id)).Step())
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
            .Bind(3, MessageKey.Of(row, query.After ?? 0))
            .Bind(4, query.Before is { } before ? MessageKey.Of(row, before) : MessageKey.End(row))
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
