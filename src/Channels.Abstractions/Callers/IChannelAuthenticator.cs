namespace Channels;

/// <summary>Turns what a front end received into a caller, the same person having the same user id through every front end.</summary>
/// <remarks>Called for each request and concurrently. Must not reveal by its duration how much of a secret was right.</remarks>
public interface IChannelAuthenticator
{
    /// <summary>Finds out who calls.</summary>
    /// <param name="credentials">What was received.</param>
    /// <param name="cancellationToken">Abandons the look-up.</param>
    /// <returns>The caller, with <see cref="ChannelCaller.FrontEnd"/> set to the front end of the credentials.</returns>
    ValueTask<AuthenticationResult> AuthenticateAsync(ChannelCredentials credentials, CancellationToken cancellationToken);
}
