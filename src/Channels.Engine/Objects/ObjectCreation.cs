namespace Channels.Engine;

/// <summary>A new object.</summary>
/// <param name="objectClass">Its class.</param>
/// <param name="wanted">The object but for id and times.</param>
/// <param name="maxBytes">Largest object, as JSON.</param>
/// <param name="publishes">Whether it is bound to a channel.</param>
internal sealed class ObjectCreation(ObjectClass objectClass, DataObject wanted, int maxBytes, bool publishes) : ObjectChange
{
    // All but id and times is encoded by the caller: the store's transaction has everybody waiting.
    private readonly byte[] _facts = ObjectNotification.EncodeFacts(objectClass, wanted);

    public override int Size => wanted.Fields.Length + _facts.Length;

    public override ObjectDecision Decide(DataObject? current, long id, DateTimeOffset time)
    {
        var created = wanted with { Id = id, CreatedAt = time, UpdatedAt = time };
        var whole = ObjectNotification.Complete(created, _facts);
        return whole.Length > maxBytes
            ? new(ObjectStatus.TooLarge)
            : new(ObjectStatus.Done, created, publishes ? ObjectNotification.Created(objectClass, whole) : null);
    }
}
