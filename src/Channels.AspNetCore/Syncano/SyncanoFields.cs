namespace Channels.AspNetCore.Syncano;

/// <summary>Names of the body fields that this wire knows; every other field is ignored.</summary>
internal static class SyncanoFields
{
    /// <summary>Key and user in a body, and the method that a plain text POST stands for.</summary>
    public static byte[][] Common { get; } = ["_api_key"u8.ToArray(), "_user_key"u8.ToArray(), "_method"u8.ToArray()];

    public static byte[][] Publish { get; } = [.. Common, "payload"u8.ToArray(), "room"u8.ToArray()];

    public static byte[][] Channel { get; } =
    [
        .. Common,
        "name"u8.ToArray(),
        "description"u8.ToArray(),
        "type"u8.ToArray(),
        "group"u8.ToArray(),
        "group_permissions"u8.ToArray(),
        "other_permissions"u8.ToArray(),
        "custom_publish"u8.ToArray(),
    ];

    public static byte[][] Class { get; } =
    [
        .. Common,
        "name"u8.ToArray(),
        "description"u8.ToArray(),
        "schema"u8.ToArray(),
        "metadata"u8.ToArray(),
        "group"u8.ToArray(),
        "group_permissions"u8.ToArray(),
        "other_permissions"u8.ToArray(),
    ];

    /// <summary>What every data object has; the fields of its class come to it.</summary>
    public static byte[][] Object { get; } =
    [
        .. Common,
        "owner"u8.ToArray(),
        "owner_permissions"u8.ToArray(),
        "group"u8.ToArray(),
        "group_permissions"u8.ToArray(),
        "other_permissions"u8.ToArray(),
        "channel"u8.ToArray(),
        "channel_room"u8.ToArray(),
        "expected_revision"u8.ToArray(),
    ];

    public static byte[][] Message { get; } =
        [.. Publish, "channel"u8.ToArray(), "event"u8.ToArray(), "key"u8.ToArray(), "exclude"u8.ToArray()];
}
