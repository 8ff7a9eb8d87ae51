using Dapper;
using Microsoft.Data.Sqlite;

namespace Channels.Storage.Sqlite.Catalog;

/// <summary>Reads stored descriptors.</summary>
internal static class DescriptorQueries
{
    private const string Filter =
        """
         FROM channels
        WHERE instance_id = @row AND sequence > @After AND sequence < @Before
            AND name >= @NamePrefix AND substr(name, 1, length(@NamePrefix)) = @NamePrefix
        """;

    private const string OldestFirst = "SELECT " + DescriptorRow.Columns + Filter + " ORDER BY sequence LIMIT @Limit";
    private const string NewestFirst = "SELECT " + DescriptorRow.Columns + Filter + " ORDER BY sequence DESC LIMIT @Limit";

    public static ChannelDescriptor? Find(SqliteConnection connection, long row, string instance, string name) =>
        connection.QuerySingleOrDefault<DescriptorRow>(
            "SELECT " + DescriptorRow.Columns + " FROM channels WHERE instance_id = @row AND name = @name",
            new { row, name })?.ToDescriptor(instance);

    public static IReadOnlyList<ChannelDescriptor> List(SqliteConnection connection, long row, string instance, ChannelListQuery query)
    {
        var parameters = new
        {
            row,
            After = query.After ?? 0,
            Before = query.Before ?? long.MaxValue,
            NamePrefix = query.NamePrefix ?? "",
            query.Limit,
        };
        return [.. connection
            .Query<DescriptorRow>(query.NewestFirst ? NewestFirst : OldestFirst, parameters)
            .Select(channel => channel.ToDescriptor(instance))];
    }
}
