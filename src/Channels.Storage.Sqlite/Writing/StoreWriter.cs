using Channels.Storage.Sqlite.Appending;
using Channels.Storage.Sqlite.Catalog;
using Channels.Storage.Sqlite.Connections;
using Channels.Storage.Sqlite.Ids;
using Channels.Storage.Sqlite.Objects;
using Channels.Storage.Sqlite.Removal;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Channels.Storage.Sqlite.Writing;

/// <summary>Everything that changes the database. Belongs to the writer thread, except that readers look up views in <see cref="Instances"/>.</summary>
internal sealed class StoreWriter : IDisposable
{
    private readonly WriterSession _session;
    private readonly IdFile _ids;
    private readonly ILogger _logger;
    private readonly AddressTable _addresses;
    private readonly DescriptorTable _descriptors;
    private readonly ObjectTable _objects;
    private readonly Appender _appender;
    private readonly Remover _remover;

    public StoreWriter(SqliteConnection connection, IdFile ids, SqliteStorageOptions options, TimeProvider time, ILogger logger)
    {
        _ids = ids;
        _logger = logger;
        _session = new WriterSession(connection);
        Instances = new InstanceTable(_session, ids, options.IdBlockSize, logger);
        _addresses = new AddressTable(_session);
        _descriptors = new DescriptorTable(_session, Instances);
        Classes = new ClassTable(_session, Instances);
        _objects = new ObjectTable(_session, Classes);
        _appender = new Appender(_session, Instances, _addresses, _descriptors, _objects, time);
        _remover = new Remover(_session, Instances, _addresses);
    }

    public InstanceTable Instances { get; }

    public ClassTable Classes { get; }

    public AppendResult Append(string instance, ReadOnlySpan<AppendEntry> batch) => _appender.Append(Instances.Get(instance), batch);

    public InstanceView ReadView(string instance) => Instances.Get(instance).View!;

    public ChannelDescriptor? Create(ChannelDescriptor descriptor) => _descriptors.Create(descriptor);

    public ChannelDescriptor? Update(ChannelDescriptor descriptor) => _descriptors.Update(descriptor);

    public bool Delete(string instance, string name)
    {
        var state = Instances.Get(instance);
        if (!_descriptors.Delete(state, name))
        {
            return false;
        }

        _remover.RemoveChannel(state, name);
        _objects.RemoveBound(state, name);
        return true;
    }

    public int Remove(ChannelAddress address) => _remover.RemoveAddress(Instances.Get(address.Instance), address);

    public RemovalStep RemoveExpired(int limit, DateTimeOffset now) => _remover.RemoveExpired(limit, now.UtcTicks);

    public RemovalStep RemoveKeys(int limit, DateTimeOffset now) => _remover.RemoveKeys(limit, now.UtcTicks);

    public void Begin() => _session.RequireNoTransaction();

    public void Commit() => _session.Commit();

    /// <summary>Takes back what is going on, and forgets what was remembered of it.</summary>
    public void Abort(Exception cause)
    {
        if (StoreErrors.IsStorageFailure(cause))
        {
            Log.TransactionFailed(_logger, cause);
        }

        _addresses.Clear();
        _descriptors.Clear();
        Classes.Clear();
        _objects.Clear();
        try
        {
            _session.Abort();
        }
        catch (SqliteException exception)
        {
            Log.TransactionFailed(_logger, exception);
        }
    }

    public SqliteStoreDiagnostics Diagnose(string path) => new(
        path,
        (SqliteSynchronous)_session.Connection.ExecuteScalar<long>("PRAGMA synchronous"),
        _session.Connection.ExecuteScalar<string>("PRAGMA journal_mode")!,
        Schema.ReadVersion(_session.Connection),
        _session.Commits,
        _session.PreparedStatements);

    /// <summary>Ends the run so that the next one goes on without a hole; after it only <see cref="Dispose"/> may be called.</summary>
    public void Close()
    {
        Instances.SaveHeads();
        _session.Connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        Instances.SaveHeadsBeside();
    }

    public void Dispose()
    {
        _session.Dispose();
        _ids.Dispose();
    }
}
