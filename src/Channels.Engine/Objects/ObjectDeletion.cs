namespace Channels.Engine;

/// <summary>The end of an object.</summary>
/// <param name="caller">Who deletes it.</param>
/// <param name="objectClass">Its class.</param>
/// <param name="publishes">Whether there is a channel to publish to.</param>
internal sealed class ObjectDeletion(ChannelCaller caller, ObjectClass objectClass, bool publishes) : ObjectChange
{
    /// <summary>Why a caller may not delete an object.</summary>
    public static ObjectStatus? Refuse(ChannelCaller caller, DataObject? current) =>
        (current is null ? ObjectPermission.None : ObjectRights.Of(caller, current)) switch
        {
            ObjectPermission.None => ObjectStatus.NotFound,
            ObjectPermission.Full => null,
            _ => ObjectStatus.Forbidden,
        };

    public override ObjectDecision Decide(DataObject? current, long id, DateTimeOffset time) => Refuse(caller, current) is { } refusal
        ? new(refusal)
        : new(ObjectStatus.Done, Draft: publishes ? ObjectNotification.Deleted(objectClass, id) : null) { Before = current };
}
