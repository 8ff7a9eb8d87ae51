namespace Channels.Engine;

/// <summary>
/// A message in the in-memory tail of an address. Readers hold the node that they read last and follow its link; cutting a link lets go of
/// everything behind it, so that a stopped reader keeps a single node alive.
/// </summary>
internal sealed class TailNode(ChannelMessage? message, long ordinal, long bytes)
{
    /// <summary>Stands for "the tail no longer has what follows".</summary>
    public static readonly TailNode Cut = new(null, 0, 0);

    /// <summary>What a message takes beyond its payload, about.</summary>
    private const int MessageBytes = 256;

    private volatile TailNode? _next;

    /// <summary>The message; none in the first node of an empty tail.</summary>
    public ChannelMessage? Message { get; } = message;

    /// <summary>How many messages the address had dispatched with this one.</summary>
    public long Ordinal { get; } = ordinal;

    /// <summary>How many payload bytes the address had dispatched with this one.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>What it takes of the memory for tails, in bytes.</summary>
    public long HeldBytes => Message is null ? 0 : MessageBytes + Message.Payload.Length;

    /// <summary>The message after this one, none yet, or <see cref="Cut"/>.</summary>
    public TailNode? Next
    {
        get => _next;
        set => _next = value;
    }
}
