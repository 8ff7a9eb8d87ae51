namespace Channels.Engine;

/// <summary>A new object.</summary>
/// <param name="objectClass">Its class.</param>
/// <param name="wanted">The object but for id and times.</param>
/// <param name="maxBytes">Largest object, as JSON.</param>
/// <param name="publishes">Whether it is bound to a channel.</param>
internal sealed class ObjectCreation(ObjectClass objectClass, DataObject wanted, int maxBytes, bool publishes) : ObjectChange
{
    public override int Size => wanted.Fields.Length;

    public override ObjectDecision Decide(DataObject? current, long id, DateTimeOffset time)
    {
        var created = wanted with { Id = id, CreatedAt = time, UpdatedAt = time };
        var whole = ObjectNotification.Encode(objectClass, created);
        return whole.Length > maxBytes
            ? new(ObjectStatus.TooLarge)
            : new(ObjectStatus.Done, created, publishes ? ObjectNotification.Created(objectClass, whole) : null);
    }
}
