using Dapper;
using Microsoft.Data.Sqlite;

namespace Channels.Storage.Sqlite.Objects;

/// <summary>Reads stored classes.</summary>
internal static class ClassQueries
{
    private const string Select = "SELECT " + ClassRow.Columns + " FROM classes WHERE instance_id = @row";
    private const string Range = " AND sequence > @After AND sequence < @Before ORDER BY sequence";

    public static ObjectClass? Find(SqliteConnection connection, long row, string instance, string name) =>
        connection.QuerySingleOrDefault<ClassRow>(Select + " AND name = @name", new { row, name })?.ToClass(instance);

    public static IReadOnlyList<ObjectClass> List(SqliteConnection connection, long row, string instance, ObjectListQuery query)
    {
        var parameters = new { row, After = query.After ?? 0, Before = query.Before ?? long.MaxValue, query.Limit };
        return [.. connection
            .Query<ClassRow>(Select + Range + (query.NewestFirst ? " DESC LIMIT @Limit" : " LIMIT @Limit"), parameters)
            .Select(found => found.ToClass(instance))];
    }
}
