namespace Channels;

/// <summary>Facts and permissions of one channel, as stored or as a template gives them.</summary>
public sealed record ChannelDescriptor
{
    /// <summary>Tenant that the channel belongs to.</summary>
    public string Instance { get; init; } = ChannelAddress.DefaultInstance;

    /// <summary>Name, unique in its instance.</summary>
    public required string Name { get; init; }

    /// <summary>How the channel divides its messages; fixed at creation.</summary>
    public ChannelType Type { get; init; }

    /// <summary>Free text for people, at most 256 characters.</summary>
    public string Description { get; init; } = "";

    /// <summary>Id of the group that <see cref="GroupPermission"/> speaks of, if any.</summary>
    public string? Group { get; init; }

    /// <summary>What members of <see cref="Group"/> may do; the higher of this and <see cref="OtherPermission"/> counts.</summary>
    public ChannelPermission GroupPermission { get; init; }

    /// <summary>What every user may do.</summary>
    public ChannelPermission OtherPermission { get; init; }

    /// <summary>Whether anybody but the host itself may publish messages; binds administrators too.</summary>
    public bool ClientsMayPublish { get; init; }

    /// <summary>How long a message is kept; <see langword="null"/> takes the engine's default.</summary>
    public TimeSpan? RetainAge { get; init; }

    /// <summary>How many of the newest messages each address keeps; <see langword="null"/> takes the engine's default.</summary>
    public int? RetainCount { get; init; }

    /// <summary>Whether messages are transient unless their draft says otherwise: delivered in order, not kept as history.</summary>
    public bool TransientByDefault { get; init; }

    /// <summary>When the channel was created; set by the engine.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the channel was last changed; set by the engine.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Number of the stored version, growing with each change and never reused for a name; 0 for a template's descriptor. Set by the store.</summary>
    public long Version { get; init; }

    /// <summary>Position in creation order, ascending within an instance; 0 for a template's descriptor. Set by the store.</summary>
    public long Sequence { get; init; }
}
