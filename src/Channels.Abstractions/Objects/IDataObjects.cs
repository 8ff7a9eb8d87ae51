namespace Channels;

/// <summary>
/// Stored objects whose changes are published; a view of one instance for one caller. A change and its notification are one transaction: both are
/// there, or neither.
/// </summary>
public interface IDataObjects
{
    /// <summary>The classes that objects belong to.</summary>
    IObjectClasses Classes { get; }

    /// <summary>Creates an object, and publishes it whole when it is bound to a channel.</summary>
    /// <param name="className">Name of the class.</param>
    /// <param name="draft">What it is to be.</param>
    /// <param name="cancellationToken">Abandons the wait; the object may still be created.</param>
    ValueTask<ObjectResult> CreateAsync(string className, ObjectDraft draft, CancellationToken cancellationToken = default);

    /// <summary>Changes an object, and publishes what changed when it is bound to a channel.</summary>
    /// <param name="className">Name of the class.</param>
    /// <param name="id">Id of the object.</param>
    /// <param name="draft">What is to change.</param>
    /// <param name="cancellationToken">Abandons the wait; the object may still be changed.</param>
    ValueTask<ObjectResult> UpdateAsync(string className, long id, ObjectDraft draft, CancellationToken cancellationToken = default);

    /// <summary>Deletes an object, and publishes its id when it is bound to a channel.</summary>
    /// <param name="className">Name of the class.</param>
    /// <param name="id">Id of the object.</param>
    /// <param name="cancellationToken">Abandons the wait; the object may still be deleted.</param>
    ValueTask<ObjectResult> DeleteAsync(string className, long id, CancellationToken cancellationToken = default);

    /// <summary>Reads an object.</summary>
    /// <param name="className">Name of the class.</param>
    /// <param name="id">Id of the object.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    /// <exception cref="ChannelStoreException">The store could not be read.</exception>
    ValueTask<ObjectResult> GetAsync(string className, long id, CancellationToken cancellationToken = default);

    /// <summary>Lists the objects of a class that the caller may see.</summary>
    /// <param name="className">Name of the class.</param>
    /// <param name="query">Which ones.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    /// <exception cref="ChannelStoreException">The store could not be read.</exception>
    ValueTask<ObjectPage> ListAsync(string className, ObjectListQuery query, CancellationToken cancellationToken = default);
}
