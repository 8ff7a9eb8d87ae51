namespace Channels.Engine;

/// <summary>The time for which a member stays without a connection.</summary>
internal sealed class MemberGrace(AddressPresence presence, PresentMember member) : Deadline
{
    public AddressPresence Presence => presence;

    public PresentMember Member => member;

    public override void OnDue() => presence.Feed.Log.EndGrace(this);
}
