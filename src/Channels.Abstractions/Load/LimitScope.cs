namespace Channels;

/// <summary>What shares one budget.</summary>
public enum LimitScope
{
    /// <summary>Everything of an instance.</summary>
    Instance,

    /// <summary>An address.</summary>
    Address,

    /// <summary>A caller: the user, else the API key or administrator; those without a name share one budget for each client address.</summary>
    User,

    /// <summary>A connection; where there is none, as <see cref="User"/>.</summary>
    Connection,

    /// <summary>The client's network address; where it is not known, one for the instance.</summary>
    Remote,
}
