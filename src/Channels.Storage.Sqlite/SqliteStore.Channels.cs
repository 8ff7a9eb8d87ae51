using Channels.Storage.Sqlite.Catalog;

namespace Channels.Storage.Sqlite;

public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public async ValueTask<ChannelDescriptor?> GetAsync(string instance, string name, CancellationToken cancellationToken)
    {
        var database = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var view = await database.ViewAsync(instance, cancellationToken).ConfigureAwait(false);
        return await database
            .ReadAsync(reader => DescriptorQueries.Find(reader.Connection, view.Row, instance, name), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ChannelDescriptor>> ListAsync(
        string instance, ChannelListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var database = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var view = await database.ViewAsync(instance, cancellationToken).ConfigureAwait(false);
        return await database
            .ReadAsync(reader => DescriptorQueries.List(reader.Connection, view.Row, instance, query), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ChannelDescriptor?> CreateAsync(ChannelDescriptor descriptor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        var database = await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await database.WriteAsync(writer => writer.Create(descriptor), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ChannelDescriptor?> UpdateAsync(ChannelDescriptor descriptor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        var database = await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await database.WriteAsync(writer => writer.Update(descriptor), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string instance, string name, CancellationToken cancellationToken)
    {
        var database = await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await database.WriteAsync(writer => writer.Delete(instance, name), cancellationToken).ConfigureAwait(false);
    }
}
