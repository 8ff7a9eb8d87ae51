namespace Channels;

/// <summary>What an administrator may do; each value contains the ones before it.</summary>
public enum AdminRole
{
    /// <summary>Look at everything.</summary>
    Read,

    /// <summary>Also publish, and create, change and delete channels.</summary>
    Write,

    /// <summary>Also manage connections.</summary>
    Full,

    /// <summary>Everything.</summary>
    Owner,
}
