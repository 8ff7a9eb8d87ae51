namespace Channels.Engine;

/// <summary>A change among the members of an address. Watchers hold the node that they read last and follow its link, as readers do with messages.</summary>
/// <param name="change">The change; none in the first node.</param>
/// <param name="version">Version of the members after it.</param>
/// <param name="position">Its place in the order of the instance: behind every message up to this id, before every later one.</param>
internal sealed class PresenceNode(PresenceChange? change, long version, long position)
{
    /// <summary>Stands for "what follows is no longer remembered".</summary>
    public static readonly PresenceNode Cut = new(null, 0, 0);

    private volatile PresenceNode? _next;

    public PresenceChange? Change => change;

    public long Version => version;

    public long Position => position;

    /// <summary>The change after this one, none yet, or <see cref="Cut"/>.</summary>
    public PresenceNode? Next
    {
        get => _next;
        set => _next = value;
    }
}
