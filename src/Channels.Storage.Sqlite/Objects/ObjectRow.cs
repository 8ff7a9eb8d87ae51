using Channels.Storage.Sqlite.Connections;

namespace Channels.Storage.Sqlite.Objects;

/// <summary>How a data object is spelled as a row.</summary>
internal static class ObjectRow
{
    /// <summary>The columns in the order that everything here counts on.</summary>
    public const string Columns =
        "key, created_at, updated_at, revision, owner, owner_permission, group_id, group_permission, other_permission, channel, room, fields";

    /// <summary>Reads the row that a statement over <see cref="Columns"/> stands at.</summary>
    public static DataObject Read(Statement row, string instance, string className) => new()
    {
        Instance = instance,
        Class = className,
        Id = MessageKey.IdOf(row.Long(0)),
        CreatedAt = new DateTimeOffset(row.Long(1), TimeSpan.Zero),
        UpdatedAt = new DateTimeOffset(row.Long(2), TimeSpan.Zero),
        Revision = row.Long(3),
        Owner = row.TextOrNull(4),
        OwnerPermission = (ObjectPermission)row.Long(5),
        Group = row.TextOrNull(6),
        GroupPermission = (ObjectPermission)row.Long(7),
        OtherPermission = (ObjectPermission)row.Long(8),
        Channel = row.TextOrNull(9),
        Room = row.TextOrNull(10),
        Fields = row.Blob(11).ToArray(),
    };

    /// <summary>Binds all columns but the key.</summary>
    public static Statement BindFacts(this Statement row, DataObject value) => row
        .Bind(2, value.CreatedAt.UtcTicks)
        .Bind(3, value.UpdatedAt.UtcTicks)
        .Bind(4, value.Revision)
        .Bind(5, value.Owner)
        .Bind(6, (long)value.OwnerPermission)
        .Bind(7, value.Group)
        .Bind(8, (long)value.GroupPermission)
        .Bind(9, (long)value.OtherPermission)
        .Bind(10, value.Channel)
        .Bind(11, value.Room)
        .Bind(12, value.Fields.Span);
}
