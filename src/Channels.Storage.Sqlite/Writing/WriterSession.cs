using Channels.Storage.Sqlite.Connections;
using Channels.Storage.Sqlite.Ids;
using Microsoft.Data.Sqlite;

namespace Channels.Storage.Sqlite.Writing;

/// <summary>The writing connection with its one transaction. Belongs to the writer thread.</summary>
internal sealed class WriterSession(SqliteConnection connection) : SqliteSession(connection, "BEGIN IMMEDIATE")
{
    private readonly HashSet<InstanceState> _touched = [];
    private readonly List<Action> _afterCommit = [];
    private bool _isOpen;

    /// <summary>How many transactions were committed.</summary>
    public long Commits { get; private set; }

    /// <summary>Gets rid of a transaction that could not be rolled back when it failed.</summary>
    public void RequireNoTransaction() => RunRollback();

    /// <summary>Notes that the state of an instance changes with what is going on, whether or not anything has to be written.</summary>
    public void Touch(InstanceState state) => _touched.Add(state);

    /// <summary>Begins a transaction unless there is one; nothing that is not written needs one.</summary>
    public void Begin()
    {
        if (!_isOpen)
        {
            RunBegin();
            _isOpen = true;
        }
    }

    public void Begin(InstanceState state)
    {
        Touch(state);
        Begin();
    }

    public void AfterCommit(Action action) => _afterCommit.Add(action);

    /// <summary>Ends what is going on and shows it to readers.</summary>
    public void Commit()
    {
        if (_isOpen)
        {
            RunCommit();
            _isOpen = false;
            Commits++;
        }

        _afterCommit.ForEach(static action => action());
        _afterCommit.Clear();
        foreach (var state in _touched)
        {
            state.Publish();
        }

        _touched.Clear();
    }

    /// <summary>Takes back what is going on.</summary>
    public void Abort()
    {
        _afterCommit.Clear();
        foreach (var state in _touched)
        {
            state.Invalidate();
        }

        _touched.Clear();
        _isOpen = false;
        RunRollback();
    }
}
