using System.Text;

namespace Channels;

/// <summary>What somebody wants a data object to be; parts that are not mentioned stay, or take their default in a new object.</summary>
public sealed record ObjectDraft
{
    /// <summary>Makes a draft that mentions no field.</summary>
    public ObjectDraft()
    {
    }

    /// <summary>Makes a draft from JSON text.</summary>
    /// <param name="fields">A JSON object with fields of the class.</param>
    public ObjectDraft(string fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        Fields = Encoding.UTF8.GetBytes(fields);
    }

    /// <summary>
    /// Fields of the class with their new values: a JSON object, UTF-8. <c>null</c> clears a field; <c>{"_increment": n}</c> adds to one that holds a number.
    /// </summary>
    public ReadOnlyMemory<byte> Fields { get; init; } = "{}"u8.ToArray();

    /// <summary>
    /// Id of the owner; empty for none. A user always owns what they create, whatever this says. Default of a new object: the user who creates it, if any.
    /// </summary>
    public string? Owner { get; init; }

    /// <summary>What the owner may do. Default of a new object: everything.</summary>
    public ObjectPermission? OwnerPermission { get; init; }

    /// <summary>Id of the group; empty for none.</summary>
    public string? Group { get; init; }

    /// <summary>What members of the group may do. Default of a new object: nothing.</summary>
    public ObjectPermission? GroupPermission { get; init; }

    /// <summary>What every user may do. Default of a new object: nothing.</summary>
    public ObjectPermission? OtherPermission { get; init; }

    /// <summary>The channel that changes are published to; counts only for a new object.</summary>
    public string? Channel { get; init; }

    /// <summary>The room of that channel, 1–64 characters; counts only for a new object on a channel with rooms.</summary>
    public string? Room { get; init; }

    /// <summary>The revision that the object must have; <see langword="null"/> for any. Counts only for an update.</summary>
    public long? ExpectedRevision { get; init; }
}
