namespace Channels.Engine;

/// <summary>A change of an object's fields, owner, group or permissions. Everything that depends on the object as it is, is decided where it is changed.</summary>
/// <param name="caller">Who changes it.</param>
/// <param name="objectClass">Its class.</param>
/// <param name="draft">What is to change.</param>
/// <param name="edits">An edit for each field of the class.</param>
/// <param name="maxBytes">Largest object, as JSON.</param>
/// <param name="publishes">Whether there is a channel to publish to.</param>
internal sealed class ObjectUpdate(
    ChannelCaller caller, ObjectClass objectClass, ObjectDraft draft, FieldEdit?[] edits, int maxBytes, bool publishes) : ObjectChange
{
    public override int Size => draft.Fields.Length;

    /// <summary>Why a caller may not change an object in this way.</summary>
    public static ObjectStatus? Refuse(ChannelCaller caller, DataObject? current, ObjectDraft draft)
    {
        var right = current is null ? ObjectPermission.None : ObjectRights.Of(caller, current);
        return right switch
        {
            ObjectPermission.None => ObjectStatus.NotFound,
            ObjectPermission.Read => ObjectStatus.Forbidden,
            ObjectPermission.Write when WithFacts(current!, draft) != current => ObjectStatus.Forbidden,
            _ => null,
        };
    }

    public override ObjectDecision Decide(DataObject? current, long id, DateTimeOffset time)
    {
        if (Refuse(caller, current, draft) is { } refusal)
        {
            return new(refusal);
        }

        if (draft.ExpectedRevision is { } expected && expected != current!.Revision)
        {
            return new(ObjectStatus.RevisionMismatch) { Before = current };
        }

        var problems = new List<ObjectProblem>();
        var (fields, changed) = FieldValues.Apply(objectClass, current!.Fields, edits, problems);
        if (problems.Count > 0)
        {
            return new(ObjectStatus.Invalid) { Problems = problems };
        }

        var after = WithFacts(current, draft) with { Fields = fields, Revision = current.Revision + (changed ? 1 : 0), UpdatedAt = time };
        var whole = ObjectNotification.Encode(objectClass, after);
        if (whole.Length > maxBytes)
        {
            return new(ObjectStatus.TooLarge);
        }

        var notification = publishes ? ObjectNotification.Updated(objectClass, ObjectNotification.Encode(objectClass, current), whole) : null;
        return new(ObjectStatus.Done, after, notification) { Before = current };
    }

    private static DataObject WithFacts(DataObject current, ObjectDraft draft) => current with
    {
        Owner = draft.Owner is { } owner ? NullIfEmpty(owner) : current.Owner,
        OwnerPermission = draft.OwnerPermission ?? current.OwnerPermission,
        Group = draft.Group is { } group ? NullIfEmpty(group) : current.Group,
        GroupPermission = draft.GroupPermission ?? current.GroupPermission,
        OtherPermission = draft.OtherPermission ?? current.OtherPermission,
    };

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
