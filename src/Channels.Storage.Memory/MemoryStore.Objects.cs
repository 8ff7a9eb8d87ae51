namespace Channels.Storage.Memory;

public sealed partial class MemoryStore
{
    /// <inheritdoc/>
    public ValueTask<ObjectClass?> GetClassAsync(string instance, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<ObjectClass?>(cancellationToken)
            : new(Get(instance).GetClass(name));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ObjectClass>> ListClassesAsync(string instance, ObjectListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<IReadOnlyList<ObjectClass>>(cancellationToken)
            : new(Get(instance).ListClasses(query));
    }

    /// <inheritdoc/>
    public ValueTask<ObjectClass?> CreateClassAsync(ObjectClass objectClass, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(objectClass);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<ObjectClass?>(cancellationToken)
            : new(Get(objectClass.Instance).CreateClass(objectClass));
    }

    /// <inheritdoc/>
    public ValueTask<ObjectClass?> UpdateClassAsync(ObjectClass objectClass, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(objectClass);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<ObjectClass?>(cancellationToken)
            : new(Get(objectClass.Instance).UpdateClass(objectClass));
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteClassAsync(string instance, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<bool>(cancellationToken)
            : new(Get(instance).DeleteClass(name));
    }

    /// <inheritdoc/>
    public ValueTask<DataObject?> GetObjectAsync(string instance, string className, long id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(className);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<DataObject?>(cancellationToken)
            : new(Get(instance).GetObject(className, id));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DataObject>> ListObjectsAsync(
        string instance, string className, ObjectListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(className);
        ArgumentNullException.ThrowIfNull(query);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<IReadOnlyList<DataObject>>(cancellationToken)
            : new(Get(instance).ListObjects(className, query));
    }
}
