namespace Channels.AspNetCore.Pusher.Clients;

/// <summary>The user that a connection is signed in as.</summary>
/// <param name="Member">Id, and what others may know.</param>
/// <param name="Watchlist">Ids of the users it wants to know about.</param>
internal sealed record PusherUser(PresenceMember Member, IReadOnlyList<string> Watchlist)
{
    public string Id => Member.Id;
}
