namespace Channels;

/// <summary>Knows which instances and groups exist. The default one reads them from the options.</summary>
public interface IChannelDirectory
{
    /// <summary>Tells whether an instance exists.</summary>
    /// <param name="instance">Name of the instance.</param>
    bool InstanceExists(string instance);

    /// <summary>Tells whether a group exists in an instance.</summary>
    /// <param name="instance">Name of the instance.</param>
    /// <param name="group">Id of the group.</param>
    /// <param name="cancellationToken">Abandons the look-up.</param>
    ValueTask<bool> GroupExistsAsync(string instance, string group, CancellationToken cancellationToken);
}
