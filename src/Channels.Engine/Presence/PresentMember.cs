namespace Channels.Engine;

/// <summary>Somebody who is present; guarded by the dispatcher's lock.</summary>
internal sealed class PresentMember(PresenceMember member)
{
    public PresenceMember Member => member;

    /// <summary>How many connections of this node it has.</summary>
    public int Connections { get; set; }

    /// <summary>Whether this node holds it, by connections or in its grace.</summary>
    public bool IsOwn { get; set; }

    /// <summary>Other nodes that hold it.</summary>
    public HashSet<string>? Others { get; set; }

    /// <summary>Whether nobody holds it.</summary>
    public bool IsGone => !IsOwn && Others is not { Count: > 0 };

    /// <summary>Runs while it has none and may come back.</summary>
    public MemberGrace? Grace { get; set; }
}
