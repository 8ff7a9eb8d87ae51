namespace Channels;

/// <summary>Whether credentials were accepted.</summary>
public enum AuthenticationStatus
{
    /// <summary>They name a caller.</summary>
    Accepted,

    /// <summary>There were none; the caller is anonymous.</summary>
    NoCredentials,

    /// <summary>A key or token is unknown, expired or belongs to another instance.</summary>
    Rejected,

    /// <summary>The instance does not exist.</summary>
    InstanceNotFound,
}
