namespace Channels;

/// <summary>What somebody may do with a data object; each value contains the ones before it.</summary>
public enum ObjectPermission
{
    /// <summary>Nothing; the object does not exist for them.</summary>
    None,

    /// <summary>See it.</summary>
    Read,

    /// <summary>Also change its fields.</summary>
    Write,

    /// <summary>Also delete it, and change its owner, group and permissions.</summary>
    Full,
}
