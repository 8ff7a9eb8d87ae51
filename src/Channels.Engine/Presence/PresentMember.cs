namespace Channels.Engine;

/// <summary>Somebody who is present; guarded by the dispatcher's lock.</summary>
internal sealed class PresentMember(PresenceMember member)
{
    public PresenceMember Member => member;

    /// <summary>How many connections of this node it has.</summary>
    public int Connections { get; set; }

    /// <summary>Runs while it has none and may come back.</summary>
    public MemberGrace? Grace { get; set; }
}
