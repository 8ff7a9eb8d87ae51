namespace Channels.Storage.Sqlite.Catalog;

/// <summary>A stored descriptor as Dapper reads and writes it.</summary>
internal sealed class DescriptorRow
{
    public const string Columns =
        """
        instance_id InstanceId, name Name, sequence Sequence, version Version, type Type, description Description, group_id GroupId,
        group_permission GroupPermission, other_permission OtherPermission, clients_may_publish ClientsMayPublish, retain_age RetainAge,
        retain_count RetainCount, transient_by_default TransientByDefault, created_at CreatedAt, updated_at UpdatedAt
        """;

    public const string Insert =
        """
        INSERT INTO channels (instance_id, name, sequence, version, type, description, group_id, group_permission, other_permission,
            clients_may_publish, retain_age, retain_count, transient_by_default, created_at, updated_at)
        VALUES (@InstanceId, @Name, @Sequence, @Version, @Type, @Description, @GroupId, @GroupPermission, @OtherPermission,
            @ClientsMayPublish, @RetainAge, @RetainCount, @TransientByDefault, @CreatedAt, @UpdatedAt)
        """;

    public const string Update =
        """
        UPDATE channels SET version = @Version, type = @Type, description = @Description, group_id = @GroupId,
            group_permission = @GroupPermission, other_permission = @OtherPermission, clients_may_publish = @ClientsMayPublish,
            retain_age = @RetainAge, retain_count = @RetainCount, transient_by_default = @TransientByDefault, created_at = @CreatedAt,
            updated_at = @UpdatedAt
        WHERE instance_id = @InstanceId AND name = @Name
        RETURNING sequence
        """;

    public long InstanceId { get; init; }

    public required string Name { get; init; }

    public long Sequence { get; init; }

    public long Version { get; init; }

    public long Type { get; init; }

    public string Description { get; init; } = "";

    public string? GroupId { get; init; }

    public long GroupPermission { get; init; }

    public long OtherPermission { get; init; }

    public bool ClientsMayPublish { get; init; }

    public long? RetainAge { get; init; }

    public long? RetainCount { get; init; }

    public bool TransientByDefault { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    public static DescriptorRow From(ChannelDescriptor descriptor, long instance) => new()
    {
        InstanceId = instance,
        Name = descriptor.Name,
        Sequence = descriptor.Sequence,
        Version = descriptor.Version,
        Type = (long)descriptor.Type,
        Description = descriptor.Description,
        GroupId = descriptor.Group,
        GroupPermission = (long)descriptor.GroupPermission,
        OtherPermission = (long)descriptor.OtherPermission,
        ClientsMayPublish = descriptor.ClientsMayPublish,
        RetainAge = descriptor.RetainAge?.Ticks,
        RetainCount = descriptor.RetainCount,
        TransientByDefault = descriptor.TransientByDefault,
        CreatedAt = descriptor.CreatedAt.UtcTicks,
        UpdatedAt = descriptor.UpdatedAt.UtcTicks,
    };

    public ChannelDescriptor ToDescriptor(string instance) => new()
    {
        Instance = instance,
        Name = Name,
        Sequence = Sequence,
        Version = Version,
        Type = (ChannelType)Type,
        Description = Description,
        Group = GroupId,
        GroupPermission = (ChannelPermission)GroupPermission,
        OtherPermission = (ChannelPermission)OtherPermission,
        ClientsMayPublish = ClientsMayPublish,
        RetainAge = RetainAge is { } ticks ? TimeSpan.FromTicks(ticks) : null,
        RetainCount = (int?)RetainCount,
        TransientByDefault = TransientByDefault,
        CreatedAt = new DateTimeOffset(CreatedAt, TimeSpan.Zero),
        UpdatedAt = new DateTimeOffset(UpdatedAt, TimeSpan.Zero),
    };
}
