namespace Channels;

/// <summary>A page of data objects.</summary>
/// <param name="Status">Whether the class may be read.</param>
/// <param name="Objects">Those that the caller may see, in the order that was asked for.</param>
public sealed record ObjectPage(ObjectStatus Status, IReadOnlyList<DataObject> Objects);
