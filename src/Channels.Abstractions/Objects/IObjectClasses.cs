namespace Channels;

/// <summary>The classes of data objects; a view of one instance for one caller. Only the host, administrators and trusted keys change them.</summary>
public interface IObjectClasses
{
    /// <summary>Finds a class.</summary>
    /// <param name="name">Name of the class.</param>
    /// <param name="cancellationToken">Abandons the look-up.</param>
    ValueTask<ClassResult> GetAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Lists the classes that the caller may see.</summary>
    /// <param name="query">Which ones.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    /// <returns>In creation order, or the reverse where the query says so; empty for a caller who may not list.</returns>
    ValueTask<IReadOnlyList<ObjectClass>> ListAsync(ObjectListQuery query, CancellationToken cancellationToken = default);

    /// <summary>Creates a class.</summary>
    /// <param name="objectClass">Its facts; instance, revision, timestamps and numbers are set by the engine.</param>
    /// <param name="cancellationToken">Abandons the wait; the class may still be created.</param>
    ValueTask<ClassResult> CreateAsync(ObjectClass objectClass, CancellationToken cancellationToken = default);

    /// <summary>
    /// Changes a class. Objects keep what they hold of a field that is gone until they are changed; what they hold of a field whose type changed stays.
    /// </summary>
    /// <param name="name">Name of the class.</param>
    /// <param name="change">Makes the new class from the current one; called again when somebody else changed it meanwhile. The name cannot change.</param>
    /// <param name="cancellationToken">Abandons the wait; the class may still be changed.</param>
    ValueTask<ClassResult> UpdateAsync(string name, Func<ObjectClass, ObjectClass> change, CancellationToken cancellationToken = default);

    /// <summary>Deletes a class with its objects, without a notification for each.</summary>
    /// <param name="name">Name of the class.</param>
    /// <param name="cancellationToken">Abandons the wait; the class may still be deleted.</param>
    ValueTask<CatalogStatus> DeleteAsync(string name, CancellationToken cancellationToken = default);
}
