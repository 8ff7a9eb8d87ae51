namespace Channels;

/// <summary>A class of data objects: its fields, and who may use it.</summary>
public sealed record ObjectClass
{
    /// <summary>Longest name of a class, in characters.</summary>
    public const int MaxNameLength = 64;

    /// <summary>Most fields of a class.</summary>
    public const int MaxFields = 64;

    /// <summary>Tenant that the class belongs to.</summary>
    public string Instance { get; init; } = ChannelAddress.DefaultInstance;

    /// <summary>Name, unique in its instance: 1–64 of <c>a-z</c>, <c>0-9</c> and <c>_</c>, starting with a letter and not ending with <c>_</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Free text for people, at most 256 characters.</summary>
    public string Description { get; init; } = "";

    /// <summary>Fields of its objects, in the order in which they are shown; at most 64.</summary>
    public IReadOnlyList<ObjectField> Fields { get; init; } = [];

    /// <summary>Anything the application wants to keep with the class: a JSON object, UTF-8, at most 8 KiB.</summary>
    public ReadOnlyMemory<byte> Metadata { get; init; } = EmptyMetadata;

    /// <summary>Id of the group that <see cref="GroupPermission"/> speaks of, if any.</summary>
    public string? Group { get; init; }

    /// <summary>What members of <see cref="Group"/> may do; the higher of this and <see cref="OtherPermission"/> counts.</summary>
    public ClassPermission GroupPermission { get; init; }

    /// <summary>What every user may do.</summary>
    public ClassPermission OtherPermission { get; init; }

    /// <summary>How often its fields were set, 1 for a new class; set by the engine.</summary>
    public long Revision { get; init; }

    /// <summary>When the class was created; set by the engine.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the class was last changed; set by the engine.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Number of the stored version, growing with each change and never reused for a name. Set by the store.</summary>
    public long Version { get; init; }

    /// <summary>Position in creation order, ascending within an instance. Set by the store.</summary>
    public long Sequence { get; init; }

    /// <summary>How many objects it had when it was read. Set by the store.</summary>
    public long ObjectCount { get; init; }

    private static byte[] EmptyMetadata { get; } = "{}"u8.ToArray();
}
