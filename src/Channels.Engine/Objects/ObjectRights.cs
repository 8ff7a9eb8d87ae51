namespace Channels.Engine;

/// <summary>The permission matrix of data objects and their classes; what a caller may do on a bound channel is decided beside it.</summary>
internal static class ObjectRights
{
    /// <summary>What a caller may do with a class.</summary>
    public static ClassPermission Of(ChannelCaller caller, ObjectClass objectClass)
    {
        if (ForTrusted(caller) is { } trusted)
        {
            return trusted >= ObjectPermission.Write ? ClassPermission.CreateObjects : ClassPermission.Read;
        }

        if (caller.Kind != CallerKind.User)
        {
            return caller.ReadsAnonymously ? Least(objectClass.OtherPermission, ClassPermission.Read) : ClassPermission.None;
        }

        return objectClass.Group is { } group && objectClass.GroupPermission > objectClass.OtherPermission && caller.Groups.Contains(group)
            ? objectClass.GroupPermission
            : objectClass.OtherPermission;
    }

    /// <summary>What a caller may do with an object of a class that they may read.</summary>
    public static ObjectPermission Of(ChannelCaller caller, DataObject value)
    {
        if (ForTrusted(caller) is { } trusted)
        {
            return trusted;
        }

        if (caller.Kind != CallerKind.User)
        {
            return caller.ReadsAnonymously ? Least(value.OtherPermission, ObjectPermission.Read) : ObjectPermission.None;
        }

        var right = value.OtherPermission;
        if (value.GroupPermission > right && value.Group is { } group && caller.Groups.Contains(group))
        {
            right = value.GroupPermission;
        }

        return value.OwnerPermission > right && value.Owner is { } owner && owner == caller.UserId ? value.OwnerPermission : right;
    }

    /// <summary>Whether a caller may change classes, and say who owns an object.</summary>
    public static bool IsServer(ChannelCaller caller) => ForTrusted(caller) == ObjectPermission.Full;

    private static ObjectPermission? ForTrusted(ChannelCaller caller) => caller.Kind switch
    {
        CallerKind.Host => ObjectPermission.Full,
        CallerKind.Admin => caller.Role >= AdminRole.Write ? ObjectPermission.Full : ObjectPermission.Read,
        _ => caller.IgnoresPermissions ? ObjectPermission.Full : null,
    };

    private static T Least<T>(T first, T second)
        where T : struct, Enum => Comparer<T>.Default.Compare(first, second) < 0 ? first : second;
}
