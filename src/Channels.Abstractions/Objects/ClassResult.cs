namespace Channels;

/// <summary>How an operation on a class of data objects ended, with the class when there is one.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Class">The class after the operation; only with <see cref="CatalogStatus.Done"/>.</param>
public readonly record struct ClassResult(CatalogStatus Status, ObjectClass? Class = null);
