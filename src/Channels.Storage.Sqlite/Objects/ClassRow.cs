using System.Text.Json;
using System.Text.Json.Serialization;

namespace Channels.Storage.Sqlite.Objects;

/// <summary>A stored class of data objects as Dapper reads and writes it.</summary>
internal sealed class ClassRow
{
    public const string Columns =
        """
        id Id, instance_id InstanceId, name Name, sequence Sequence, version Version, revision Revision, description Description, fields Fields,
        metadata Metadata, group_id GroupId, group_permission GroupPermission, other_permission OtherPermission, object_count ObjectCount,
        created_at CreatedAt, updated_at UpdatedAt
        """;

    public const string Insert =
        """
        INSERT INTO classes (id, instance_id, name, sequence, version, revision, description, fields, metadata, group_id, group_permission,
            other_permission, object_count, created_at, updated_at)
        VALUES (@Id, @InstanceId, @Name, @Sequence, @Version, @Revision, @Description, @Fields, @Metadata, @GroupId, @GroupPermission,
            @OtherPermission, 0, @CreatedAt, @UpdatedAt)
        """;

    public const string Update =
        """
        UPDATE classes SET version = @Version, revision = @Revision, description = @Description, fields = @Fields, metadata = @Metadata,
            group_id = @GroupId, group_permission = @GroupPermission, other_permission = @OtherPermission, created_at = @CreatedAt,
            updated_at = @UpdatedAt
        WHERE instance_id = @InstanceId AND name = @Name
        """;

    private static readonly JsonSerializerOptions FieldNames = new() { Converters = { new JsonStringEnumConverter() } };

    public long Id { get; init; }

    public long InstanceId { get; init; }

    public required string Name { get; init; }

    public long Sequence { get; init; }

    public long Version { get; init; }

    public long Revision { get; init; }

    public string Description { get; init; } = "";

    public string Fields { get; init; } = "[]";

    public byte[] Metadata { get; init; } = [];

    public string? GroupId { get; init; }

    public long GroupPermission { get; init; }

    public long OtherPermission { get; init; }

    public long ObjectCount { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    public static ClassRow From(ObjectClass objectClass, long instance, long row = 0) => new()
    {
        Id = row,
        InstanceId = instance,
        Name = objectClass.Name,
        Sequence = objectClass.Sequence,
        Version = objectClass.Version,
        Revision = objectClass.Revision,
        Description = objectClass.Description,
        Fields = JsonSerializer.Serialize(objectClass.Fields, FieldNames),
        Metadata = objectClass.Metadata.ToArray(),
        GroupId = objectClass.Group,
        GroupPermission = (long)objectClass.GroupPermission,
        OtherPermission = (long)objectClass.OtherPermission,
        CreatedAt = objectClass.CreatedAt.UtcTicks,
        UpdatedAt = objectClass.UpdatedAt.UtcTicks,
    };

    public ObjectClass ToClass(string instance) => new()
    {
        Instance = instance,
        Name = Name,
        Sequence = Sequence,
        Version = Version,
        Revision = Revision,
        Description = Description,
        Fields = JsonSerializer.Deserialize<ObjectField[]>(Fields, FieldNames)!,
        Metadata = Metadata,
        Group = GroupId,
        GroupPermission = (ClassPermission)GroupPermission,
        OtherPermission = (ClassPermission)OtherPermission,
        ObjectCount = ObjectCount,
        CreatedAt = new DateTimeOffset(CreatedAt, TimeSpan.Zero),
        UpdatedAt = new DateTimeOffset(UpdatedAt, TimeSpan.Zero),
    };
}
