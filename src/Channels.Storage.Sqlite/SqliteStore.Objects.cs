using Channels.Storage.Sqlite.Objects;

namespace Channels.Storage.Sqlite;

public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public async ValueTask<ObjectClass?> GetClassAsync(string instance, string name, CancellationToken cancellationToken)
    {
        var database = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var view = await database.ViewAsync(instance, cancellationToken).ConfigureAwait(false);
        return await database
            .ReadAsync(reader => ClassQueries.Find(reader.Connection, view.Row, instance, name), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ObjectClass>> ListClassesAsync(
        string instance, ObjectListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var database = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var view = await database.ViewAsync(instance, cancellationToken).ConfigureAwait(false);
        return await database
            .ReadAsync(reader => ClassQueries.List(reader.Connection, view.Row, instance, query), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectClass?> CreateClassAsync(ObjectClass objectClass, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(objectClass);
        var database = await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await database.WriteAsync(writer => writer.Classes.Create(objectClass), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectClass?> UpdateClassAsync(ObjectClass objectClass, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(objectClass);
        var database = await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await database.WriteAsync(writer => writer.Classes.Update(objectClass), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteClassAsync(string instance, string name, CancellationToken cancellationToken)
    {
        var database = await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await database
            .WriteAsync(writer => writer.Classes.Delete(writer.Instances.Get(instance), name), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<DataObject?> GetObjectAsync(string instance, string className, long id, CancellationToken cancellationToken)
    {
        var database = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var view = await database.ViewAsync(instance, cancellationToken).ConfigureAwait(false);
        return view.Row < 0
            ? null
            : await database
                .ReadAsync(reader => reader.Objects.Find(view.Row, instance, className, id), cancellationToken)
                .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DataObject>> ListObjectsAsync(
        string instance, string className, ObjectListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var database = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var view = await database.ViewAsync(instance, cancellationToken).ConfigureAwait(false);
        return view.Row < 0
            ? []
            : await database
                .ReadAsync(reader => reader.Objects.List(view.Row, instance, className, query), cancellationToken)
                .ConfigureAwait(false);
    }
}
