namespace Channels.Storage.Memory;

internal sealed partial class InstanceLog
{
    private readonly ObjectIndex _objects = new();

    public ObjectClass? GetClass(string name)
    {
        lock (_lock)
        {
            return _objects.FindClass(name)?.Read();
        }
    }

    public IReadOnlyList<ObjectClass> ListClasses(ObjectListQuery query)
    {
        lock (_lock)
        {
            return _objects.ListClasses(query);
        }
    }

    public ObjectClass? CreateClass(ObjectClass objectClass)
    {
        lock (_lock)
        {
            if (_objects.FindClass(objectClass.Name) is not null)
            {
                return null;
            }

            var added = new ClassLog(objectClass with { Version = ++_lastVersion, Sequence = ++_lastSequence });
            _objects.AddClass(added);
            return added.Read();
        }
    }

    public ObjectClass? UpdateClass(ObjectClass objectClass)
    {
        lock (_lock)
        {
            if (_objects.FindClass(objectClass.Name) is not { } stored || stored.Facts.Version != objectClass.Version)
            {
                return null;
            }

            stored.Facts = objectClass with { Version = ++_lastVersion, Sequence = stored.Facts.Sequence };
            return stored.Read();
        }
    }

    public bool DeleteClass(string name)
    {
        lock (_lock)
        {
            if (_objects.FindClass(name) is not { } stored)
            {
                return false;
            }

            _objects.RemoveClass(stored);
            return true;
        }
    }

    public DataObject? GetObject(string className, long id)
    {
        lock (_lock)
        {
            return _objects.FindClass(className)?.Find(id);
        }
    }

    public IReadOnlyList<DataObject> ListObjects(string className, ObjectListQuery query)
    {
        lock (_lock)
        {
            return _objects.FindClass(className)?.List(query) ?? [];
        }
    }

    private AppendOutcome Change_NeedsLock(AppendEntry entry, ObjectChange change, DateTimeOffset createdAt, DateTimeOffset now)
    {
        if (_objects.FindClass(change.Class) is not { } owner || owner.Facts.Version != change.ClassVersion)
        {
            return new(AppendStatus.StaleClass);
        }

        var isNew = change.Id == 0;
        var decision = isNew && owner.Objects.Count >= change.MaxObjects
            ? new(ObjectStatus.LimitReached)
            : change.Decide(isNew ? null : owner.Find(change.Id), isNew ? _objects.NextId : change.Id, createdAt);
        if (decision.Status != ObjectStatus.Done)
        {
            return new(AppendStatus.Refused, Decision: decision);
        }

        _objects.Apply(owner, decision);
        var message = decision.Draft is { } draft
            ? AddMessage_NeedsLock(entry, draft, _addresses.Find(entry.Address), createdAt, now)
            : null;
        return new(AppendStatus.Stored, message, decision);
    }
}
