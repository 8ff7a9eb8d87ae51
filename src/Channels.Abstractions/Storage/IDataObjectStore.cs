namespace Channels;

/// <summary>
/// Classes of data objects, and reads of objects. Objects change by <see cref="IMessageStore.AppendAsync"/> alone (<see cref="AppendEntry.Change"/>); the
/// store that keeps the messages keeps the objects. Deleting a channel deletes the objects bound to it in the same transaction.
/// </summary>
/// <remarks>
/// All members may be called concurrently. Versions, sequences and ids of objects are given by the store and never given twice, as long as its data is
/// there. A read sees every change that was answered before.
/// </remarks>
public interface IDataObjectStore
{
    /// <summary>Reads a class.</summary>
    /// <param name="instance">Tenant.</param>
    /// <param name="name">Name of the class, compared by code unit.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    ValueTask<ObjectClass?> GetClassAsync(string instance, string name, CancellationToken cancellationToken);

    /// <summary>Lists classes in creation order, or the reverse.</summary>
    /// <param name="instance">Tenant.</param>
    /// <param name="query">Which ones, by their sequence.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    ValueTask<IReadOnlyList<ObjectClass>> ListClassesAsync(string instance, ObjectListQuery query, CancellationToken cancellationToken);

    /// <summary>Stores a new class.</summary>
    /// <param name="objectClass">Its facts; version, sequence and object count are ignored.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <returns>The stored class, or <see langword="null"/> when the name is taken.</returns>
    ValueTask<ObjectClass?> CreateClassAsync(ObjectClass objectClass, CancellationToken cancellationToken);

    /// <summary>Replaces a class if it still has the version of the new one; its objects stay as they are.</summary>
    /// <param name="objectClass">The new facts, with the version that they were made from.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <returns>The stored class with its new version, or <see langword="null"/> when the stored version differs or is gone.</returns>
    ValueTask<ObjectClass?> UpdateClassAsync(ObjectClass objectClass, CancellationToken cancellationToken);

    /// <summary>Deletes a class and all its objects.</summary>
    /// <param name="instance">Tenant.</param>
    /// <param name="name">Name of the class.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <returns>Whether it existed.</returns>
    ValueTask<bool> DeleteClassAsync(string instance, string name, CancellationToken cancellationToken);

    /// <summary>Reads an object.</summary>
    /// <param name="instance">Tenant.</param>
    /// <param name="className">Name of its class.</param>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    ValueTask<DataObject?> GetObjectAsync(string instance, string className, long id, CancellationToken cancellationToken);

    /// <summary>Lists the objects of a class by id, ascending or the reverse.</summary>
    /// <param name="instance">Tenant.</param>
    /// <param name="className">Name of the class.</param>
    /// <param name="query">Which ones.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    ValueTask<IReadOnlyList<DataObject>> ListObjectsAsync(
        string instance, string className, ObjectListQuery query, CancellationToken cancellationToken);
}
