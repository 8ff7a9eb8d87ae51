namespace Channels.AspNetCore.Bayeux;

/// <summary>The answer to one message; successful unless it has an error.</summary>
/// <param name="Request">What is answered.</param>
/// <param name="Error">Why it failed, spelled as in <see cref="BayeuxErrors"/>.</param>
/// <param name="Advice">What the client shall do next, if there is something to say.</param>
internal sealed record BayeuxReply(BayeuxMessage Request, string? Error = null, BayeuxAdvice? Advice = null)
{
    /// <summary>Id of the session that a handshake opened.</summary>
    public string? ClientId { get; init; }

    /// <summary>The server's transports, in the answer to a handshake.</summary>
    public IReadOnlyList<string>? ConnectionTypes { get; init; }

    /// <summary>Whether the session that a handshake opened acknowledges.</summary>
    public bool Acknowledges { get; init; }

    /// <summary>The batch that this connect's answer closes; 0 for none.</summary>
    public long Batch { get; init; }

    /// <summary>The client's question what time it is, if it gets an answer.</summary>
    public BayeuxTimeSync? TimeSync { get; init; }
}
