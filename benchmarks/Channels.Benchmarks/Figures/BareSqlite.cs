using Microsoft.Data.Sqlite;

namespace Channels.Benchmarks.Figures;

/// <summary>What SQLite itself gives: one connection, prepared commands, the columns and the one index that a log of messages needs.</summary>
internal sealed class BareSqlite : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _page;
    private readonly SqliteCommand _after;

    public BareSqlite(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        _connection = new($"Data Source={path};Pooling=False");
        _connection.Open();
        Execute("PRAGMA journal_mode=WAL");
        Execute("PRAGMA synchronous=FULL");
        Execute("CREATE TABLE m (id INTEGER PRIMARY KEY, channel TEXT, room TEXT, created INTEGER, expires INTEGER, author TEXT, event TEXT, payload BLOB)");
        Execute("CREATE INDEX m_address ON m (channel, room, id)");
        _insert = Command("INSERT INTO m (channel, room, created, expires, author, event, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", 7);
        _page = Command("SELECT id, channel, room, created, expires, author, event, payload FROM m WHERE channel = ?1 AND room = ?2 AND id > ?3 ORDER BY id DESC LIMIT 100", 3);
        _after = Command("SELECT id, channel, room, created, expires, author, event, payload FROM m WHERE channel = ?1 AND room = ?2 AND id > ?3 ORDER BY id LIMIT 1000", 3);
    }

    public void Insert(int count, int perTransaction, byte[] payload)
    {
        for (var done = 0; done < count; done += perTransaction)
        {
            using var transaction = perTransaction == 1 ? null : _connection.BeginTransaction(deferred: false);
            _insert.Transaction = transaction;
            for (var i = 0; i < perTransaction; i++)
            {
                Set(_insert, "news", "", 1L, 2L, "", "", payload);
                _insert.ExecuteNonQuery();
            }

            transaction?.Commit();
        }
    }

    public int ReadPage() => Read(_page, 0);

    /// <summary>Everything after an id, oldest first.</summary>
    public int ReadAfter(long id) => Read(_after, id);

    public void Dispose()
    {
        _insert.Dispose();
        _page.Dispose();
        _after.Dispose();
        _connection.Dispose();
    }

    private static int Read(SqliteCommand query, long after)
    {
        query.Transaction = null;
        Set(query, "news", "", after);
        var bytes = 0;
        using var reader = query.ExecuteReader();
        while (reader.Read())
        {
            _ = reader.GetInt64(0);
            _ = reader.GetInt64(3);
            _ = reader.GetInt64(4);
            _ = reader.GetString(5);
            bytes += reader.GetFieldValue<byte[]>(7).Length;
        }

        return bytes;
    }

    private static void Set(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }
    }

    private SqliteCommand Command(string sql, int parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 1; i <= parameters; i++)
        {
            command.Parameters.AddWithValue($"?{i}", DBNull.Value);
        }

        command.Prepare();
        return command;
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
