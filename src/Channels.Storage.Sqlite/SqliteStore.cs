using Channels.Storage.Sqlite.Opening;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Channels.Storage.Sqlite;

/// <summary>
/// Keeps messages, descriptors and data objects in one SQLite file, which one store uses at a time. It is opened at the first call, and again at the next
/// one when that fails; <see cref="GetHeadAsync"/> opens it early.
/// </summary>
/// <remarks>
/// Beside the file <c>x.db</c> are <c>x.db-wal</c> and <c>x.db-shm</c> of SQLite, <c>x.db.lock</c> and <c>x.db.ids</c>. The last one
/// remembers which ids may have been given, so that none is given twice when the database is restored or removed.
/// </remarks>
public sealed partial class SqliteStore : IMessageStore, IChannelStore, IDataObjectStore, IAsyncDisposable
{
    private readonly SqliteStorageOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _path;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _disposing = new();
    private volatile Database? _database;
    private Task<Database>? _opening;
    private Task? _closing;

    /// <summary>Makes a store; nothing is opened yet.</summary>
    /// <param name="options">Where and how; not to be changed afterwards.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Where it reports.</param>
    /// <exception cref="OptionsValidationException">An option is out of range.</exception>
    public SqliteStore(SqliteStorageOptions options, TimeProvider time, ILogger<SqliteStore>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var validation = new SqliteStorageOptionsValidator().Validate(null, options);
        if (validation.Failed)
        {
            throw new OptionsValidationException(nameof(SqliteStorageOptions), typeof(SqliteStorageOptions), validation.Failures);
        }

        _options = options;
        _time = time;
        _logger = logger ?? NullLogger<SqliteStore>.Instance;
        _path = Path.GetFullPath(options.DataSource);
        SQLitePCL.Batteries_V2.Init();
    }

    /// <inheritdoc/>
    public async ValueTask<AppendResult> AppendAsync(string instance, IReadOnlyList<AppendEntry> batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentOutOfRangeException.ThrowIfZero(batch.Count, nameof(batch));
        var database = await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await database.AppendAsync(instance, batch, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<MessageSlice> ReadAfterAsync(
        string instance, IReadOnlyList<ReadPosition> positions, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(positions);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var database = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var view = await database.ViewAsync(instance, cancellationToken).ConfigureAwait(false);
        if (view.Row < 0)
        {
            return new MessageSlice([], view.Head.Head, new MessageCursor[positions.Count]);
        }

        var now = Now();
        return await database
            .ReadAsync(reader => reader.ReadAfter(view, positions, limit, now), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<MessageSlice> ReadInstanceAfterAsync(
        string instance, MessageCursor after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var database = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var view = await database.ViewAsync(instance, cancellationToken).ConfigureAwait(false);
        if (view.Row < 0)
        {
            return new MessageSlice([], view.Head.Head, []);
        }

        var now = Now();
        return await database
            .ReadAsync(reader => reader.ReadInstanceAfter(view, instance, after.Value, limit, now), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ChannelMessage>> ReadPageAsync(PageQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        var database = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var view = await database.ViewAsync(query.Address.Instance, cancellationToken).ConfigureAwait(false);
        if (view.Row < 0)
        {
            return [];
        }

        var now = Now();
        return await database.ReadAsync(reader => reader.ReadPage(view, query, now), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<MessageCursor> FindAsync(string instance, DateTimeOffset time, CancellationToken cancellationToken)
    {
        var database = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var view = await database.ViewAsync(instance, cancellationToken).ConfigureAwait(false);
        if (view.Row < 0 || view.Head.LastCreatedAt <= time)
        {
            return view.Head.Head;
        }

        return await database.ReadAsync(reader => reader.Find(view, time.UtcTicks), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<int> RemoveExpiredAsync(int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var database = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var now = _time.GetUtcNow();
        var removed = 0;

        // Each step is a transaction of its own, between which appends get their turn.
        for (var hasMore = true; hasMore && removed < limit;)
        {
            var rest = limit - removed;
            var step = await database.WriteAsync(writer => writer.RemoveExpired(rest, now), cancellationToken).ConfigureAwait(false);
            removed += step.Removed;
            hasMore = step.HasMore;
        }

        for (var hasMore = true; hasMore;)
        {
            var step = await database.WriteAsync(writer => writer.RemoveKeys(limit, now), cancellationToken).ConfigureAwait(false);
            hasMore = step.HasMore;
        }

        return removed;
    }

    /// <inheritdoc/>
    public async ValueTask<int> RemoveAsync(ChannelAddress address, CancellationToken cancellationToken)
    {
        var database = await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await database.WriteAsync(writer => writer.Remove(address), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<StoreHead> GetHeadAsync(string instance, CancellationToken cancellationToken)
    {
        var database = await OpenAsync(cancellationToken).ConfigureAwait(false);
        return (await database.ViewAsync(instance, cancellationToken).ConfigureAwait(false)).Head;
    }

    /// <summary>Asks the writing connection what it is set to and has done, for health checks and tests.</summary>
    /// <param name="cancellationToken">Abandons the wait.</param>
    public async ValueTask<SqliteStoreDiagnostics> GetDiagnosticsAsync(CancellationToken cancellationToken = default)
    {
        var database = await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await database.WriteAsync(writer => writer.Diagnose(_path), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stores what was accepted before, closes the file cleanly and lets other processes open it.</summary>
    public async ValueTask DisposeAsync()
    {
        Task closing;
        lock (_gate)
        {
            closing = _closing ??= CloseAsync(_opening);
        }

        await closing.ConfigureAwait(false);
    }

    private long Now() => _time.GetUtcNow().UtcTicks;

    private ValueTask<Database> OpenAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_database is { } database)
        {
            return new(database);
        }

        Task<Database> opening;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing is not null, this);
            if (_opening is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _opening = OpenDatabaseAsync();
            }

            opening = _opening;
        }

        return new(opening.WaitAsync(cancellationToken));
    }

    private async Task<Database> OpenDatabaseAsync()
    {
        try
        {
            _database = await Database
                .OpenAsync(_path, _options, _time, _logger, _disposing.Token)
                .ConfigureAwait(false);
            return _database;
        }
        catch (OperationCanceledException)
        {
            throw new ObjectDisposedException(nameof(SqliteStore));
        }
    }

    private async Task CloseAsync(Task<Database>? opening)
    {
        await _disposing.CancelAsync().ConfigureAwait(false);
        if (opening is not null)
        {
            await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (_database is { } database)
        {
            // Later calls are refused, also those that would not have to touch the file.
            _database = null;
            await database.DisposeAsync().ConfigureAwait(false);
        }

        _disposing.Dispose();
    }
}
