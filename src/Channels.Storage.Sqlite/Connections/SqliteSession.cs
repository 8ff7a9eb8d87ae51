using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Channels.Storage.Sqlite.Connections;

/// <summary>A connection with the statements prepared on it; used by one thread at a time.</summary>
internal abstract class SqliteSession : IDisposable
{
    private readonly List<Statement> _statements = [];
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _rollback;

    protected SqliteSession(SqliteConnection connection, string begin)
    {
        Connection = connection;
        _begin = Prepare(begin);
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
    }

    public SqliteConnection Connection { get; }

    public int PreparedStatements => _statements.Count;

    public Statement Prepare(string sql)
    {
        var statement = new Statement(Connection, sql);
        _statements.Add(statement);
        return statement;
    }

    public virtual void Dispose()
    {
        foreach (var statement in _statements)
        {
            statement.Dispose();
        }

        Connection.Dispose();
    }

    protected void RunBegin() => _begin.Run();

    protected void RunCommit() => _commit.Run();

    protected void RunRollback()
    {
        // Some errors, such as a full disk, have rolled back already.
        if (raw.sqlite3_get_autocommit(Connection.Handle!) == 0)
        {
            _rollback.Run();
        }
    }
}
