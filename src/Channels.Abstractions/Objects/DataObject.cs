namespace Channels;

/// <summary>A stored object of an application; immutable.</summary>
public sealed record DataObject
{
    /// <summary>Tenant that it belongs to.</summary>
    public string Instance { get; init; } = ChannelAddress.DefaultInstance;

    /// <summary>Name of its class.</summary>
    public required string Class { get; init; }

    /// <summary>Number in the instance, at least 1, growing with each object and never given twice.</summary>
    public required long Id { get; init; }

    /// <summary>When it was created, UTC.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed, UTC.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>1 for a new object; grows by 1 with each change of a field of its class.</summary>
    public long Revision { get; init; } = 1;

    /// <summary>Id of the user who owns it, if any.</summary>
    public string? Owner { get; init; }

    /// <summary>What the owner may do.</summary>
    public ObjectPermission OwnerPermission { get; init; }

    /// <summary>Id of the group that <see cref="GroupPermission"/> speaks of, if any.</summary>
    public string? Group { get; init; }

    /// <summary>What members of <see cref="Group"/> may do.</summary>
    public ObjectPermission GroupPermission { get; init; }

    /// <summary>What every user may do; the highest of what applies counts.</summary>
    public ObjectPermission OtherPermission { get; init; }

    /// <summary>The channel that its changes are published to, if any; bound at creation.</summary>
    public string? Channel { get; init; }

    /// <summary>The room of that channel, if it has rooms.</summary>
    public string? Room { get; init; }

    /// <summary>Fields of its class that are set, with their values: a JSON object, UTF-8, in the order of the class.</summary>
    public required ReadOnlyMemory<byte> Fields { get; init; }
}
