namespace Channels;

/// <summary>Who calls.</summary>
/// <param name="Status">Whether the credentials were accepted.</param>
/// <param name="Caller">The caller; anonymous unless accepted.</param>
public readonly record struct AuthenticationResult(AuthenticationStatus Status, ChannelCaller Caller)
{
    /// <summary>Makes the result for an accepted caller.</summary>
    /// <param name="caller">Who calls.</param>
    public static AuthenticationResult Accepted(ChannelCaller caller) => new(AuthenticationStatus.Accepted, caller);

    /// <summary>Makes the result for a caller that was not accepted.</summary>
    /// <param name="status">Why.</param>
    public static AuthenticationResult Anonymous(AuthenticationStatus status) => new(status, ChannelCaller.Anonymous);
}
