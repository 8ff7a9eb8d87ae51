namespace Channels;

/// <summary>What a message reports.</summary>
public enum MessageAction
{
    /// <summary>A message of the application.</summary>
    Custom,

    /// <summary>A data object was created; the payload is the whole object.</summary>
    Create,

    /// <summary>A data object was changed; the payload is its id and the changed fields.</summary>
    Update,

    /// <summary>A data object was deleted; the payload is its id.</summary>
    Delete,
}
