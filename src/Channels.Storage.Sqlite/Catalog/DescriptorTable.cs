using Channels.Storage.Sqlite.Connections;
using Channels.Storage.Sqlite.Ids;
using Channels.Storage.Sqlite.Writing;
using Dapper;

namespace Channels.Storage.Sqlite.Catalog;

/// <summary>Changes stored descriptors, and knows their versions for the check inside an append.</summary>
internal sealed class DescriptorTable(WriterSession session, InstanceTable instances)
{
    private const int MostRemembered = 16_384;

    private readonly Statement _version = session.Prepare("SELECT version FROM channels WHERE instance_id = ? AND name = ?");
    private readonly Dictionary<(string Instance, string Name), long> _versions = [];

    /// <summary>Version of the stored descriptor, 0 for none.</summary>
    public long VersionOf(InstanceState instance, string name)
    {
        if (_versions.TryGetValue((instance.Name, name), out var version))
        {
            return version;
        }

        if (_versions.Count == MostRemembered)
        {
            _versions.Clear();
        }

        version = _version.Bind(1, instance.Row).Bind(2, name).Scalar() ?? 0;
        _versions.Add((instance.Name, name), version);
        return version;
    }

    public ChannelDescriptor? Create(ChannelDescriptor descriptor)
    {
        var instance = instances.Get(descriptor.Instance);
        if (VersionOf(instance, descriptor.Name) != 0)
        {
            return null;
        }

        instances.EnsureRow(instance);
        var numbers = session.Connection.QuerySingle<(long Version, long Sequence)>(
            """
            UPDATE instances SET last_version = last_version + 1, last_sequence = last_sequence + 1 WHERE id = @Row
            RETURNING last_version, last_sequence
            """,
            new { instance.Row });
        var stored = descriptor with { Version = numbers.Version, Sequence = numbers.Sequence };
        session.Connection.Execute(DescriptorRow.Insert, DescriptorRow.From(stored, instance.Row));
        Forget(stored);
        return stored;
    }

    public ChannelDescriptor? Update(ChannelDescriptor descriptor)
    {
        var instance = instances.Get(descriptor.Instance);
        var current = VersionOf(instance, descriptor.Name);
        if (current == 0 || current != descriptor.Version)
        {
            return null;
        }

        session.Begin(instance);
        var next = session.Connection.ExecuteScalar<long>(
            "UPDATE instances SET last_version = last_version + 1 WHERE id = @Row RETURNING last_version",
            new { instance.Row });
        var sequence = session.Connection.ExecuteScalar<long>(
            DescriptorRow.Update,
            DescriptorRow.From(descriptor with { Version = next }, instance.Row));
        Forget(descriptor);
        return descriptor with { Version = next, Sequence = sequence };
    }

    /// <summary>Deletes the descriptor alone.</summary>
    public bool Delete(InstanceState instance, string name)
    {
        if (VersionOf(instance, name) == 0)
        {
            return false;
        }

        session.Begin(instance);
        session.Connection.Execute("DELETE FROM channels WHERE instance_id = @Row AND name = @name", new { instance.Row, name });
        _versions.Remove((instance.Name, name));
        return true;
    }

    public void Clear() => _versions.Clear();

    private void Forget(ChannelDescriptor descriptor) => _versions.Remove((descriptor.Instance, descriptor.Name));
}
