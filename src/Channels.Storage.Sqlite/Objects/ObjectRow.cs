using Channels.Storage.Sqlite.Connections;

namespace Channels.Storage.Sqlite.Objects;

/// <summary>How a data object is spelled as a row.</summary>
internal static class ObjectRow
{
    /// <summary>The columns in the order that everything here counts on.</summary>
    public const string Columns =
        "key, class_id, created_at, updated_at, revision, owner, owner_permission, group_id, group_permission, other_permission, channel, room, fields";

    /// <summary>Reads the row that a statement over <see cref="Columns"/> stands at.</summary>
    public static DataObject Read(Statement row, string instance, string className) => new()
    {
        Instance = instance,
        Class = className,
        Id = MessageKey.IdOf(row.Long(0)),
        CreatedAt = new DateTimeOffset(row.Long(2), TimeSpan.Zero),
        UpdatedAt = new DateTimeOffset(row.Long(3), TimeSpan.Zero),
        Revision = row.Long(4),
        Owner = row.TextOrNull(5),
        OwnerPermission = (ObjectPermission)row.Long(6),
        Group = row.TextOrNull(7),
        GroupPermission = (ObjectPermission)row.Long(8),
        OtherPermission = (ObjectPermission)row.Long(9),
        Channel = row.TextOrNull(10),
        Room = row.TextOrNull(11),
        Fields = row.Blob(12).ToArray(),
    };

    /// <summary>Binds the columns that may change, from the third on.</summary>
    public static Statement BindFacts(this Statement row, DataObject value) => row
        .Bind(3, value.CreatedAt.UtcTicks)
        .Bind(4, value.UpdatedAt.UtcTicks)
        .Bind(5, value.Revision)
        .Bind(6, value.Owner)
        .Bind(7, (long)value.OwnerPermission)
        .Bind(8, value.Group)
        .Bind(9, (long)value.GroupPermission)
        .Bind(10, (long)value.OtherPermission)
        .Bind(11, value.Channel)
        .Bind(12, value.Room)
        .Bind(13, value.Fields.Span);
}
