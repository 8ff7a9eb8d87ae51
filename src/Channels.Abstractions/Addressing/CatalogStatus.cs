namespace Channels;

/// <summary>How an operation on the catalogue ended.</summary>
public enum CatalogStatus
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>The instance does not exist.</summary>
    InstanceNotFound,

    /// <summary>The channel does not exist.</summary>
    NotFound,

    /// <summary>The caller may not.</summary>
    Forbidden,

    /// <summary>A channel of this name is stored already.</summary>
    NameTaken,

    /// <summary>A name or text is empty, too long or has forbidden characters, or a retention value is out of range.</summary>
    Invalid,

    /// <summary>The group does not exist.</summary>
    GroupNotFound,
}
