namespace Channels;

/// <summary>A change of one data object on its way into the store, which makes it in the transaction of its notification.</summary>
public abstract class ObjectChange
{
    /// <summary>Name of the object's class.</summary>
    public required string Class { get; init; }

    /// <summary>Id of the object; 0 creates one, whose id the store gives.</summary>
    public long Id { get; init; }

    /// <summary>Version of the class that the change was made for; when the stored one differs or is gone, nothing is changed.</summary>
    public required long ClassVersion { get; init; }

    /// <summary>How many objects the class may have after a creation, at least 1.</summary>
    public long MaxObjects { get; init; } = long.MaxValue;

    /// <summary>About how many bytes the change holds while it waits.</summary>
    public virtual int Size => 0;

    /// <summary>
    /// Decides what becomes of the object, and composes the notification. It is pure and quick, calls nobody back and throws nothing; the store may call it
    /// more than once for one change, and obeys the last answer.
    /// </summary>
    /// <param name="current">The object as it is; <see langword="null"/> when there is none, and for a creation.</param>
    /// <param name="id">The id that the object has, or gets.</param>
    /// <param name="time">The time of the change and of its notification, UTC.</param>
    public abstract ObjectDecision Decide(DataObject? current, long id, DateTimeOffset time);
}
