namespace Channels;

/// <summary>Who acts.</summary>
public enum CallerKind
{
    /// <summary>Somebody without a name.</summary>
    Anonymous,

    /// <summary>A user of the application.</summary>
    User,

    /// <summary>An API key without a user.</summary>
    ApiKey,

    /// <summary>An administrator.</summary>
    Admin,

    /// <summary>The application itself, in process; above every permission.</summary>
    Host,
}
