namespace Channels.AspNetCore.Pusher;

/// <summary>What the application decides about a client that asks for leave.</summary>
public sealed record PusherAuthDecision
{
    private PusherAuthDecision()
    {
    }

    /// <summary>The client may not.</summary>
    public static PusherAuthDecision Deny { get; } = new();

    /// <summary>The client may subscribe to the private or encrypted channel; on a presence channel as the user it is signed in as.</summary>
    public static PusherAuthDecision Allow { get; } = new() { IsAllowed = true };

    /// <summary>Whether the client may.</summary>
    public bool IsAllowed { get; private init; }

    /// <summary>Who the client is on the presence channel, or signs in as.</summary>
    public PresenceMember? Member { get; private init; }

    /// <summary>Ids of the users that a client that signs in wants to know about.</summary>
    public IReadOnlyList<string>? Watchlist { get; private init; }

    /// <summary>The client may, as somebody: needed to sign in, and on presence channels unless it is signed in.</summary>
    /// <param name="member">Who it is.</param>
    /// <param name="watchlist">When it signs in, ids of the users that it wants to know about.</param>
    public static PusherAuthDecision AllowAs(PresenceMember member, IReadOnlyList<string>? watchlist = null)
    {
        ArgumentNullException.ThrowIfNull(member);
        return new() { IsAllowed = true, Member = member, Watchlist = watchlist };
    }
}
