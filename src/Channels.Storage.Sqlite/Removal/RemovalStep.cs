namespace Channels.Storage.Sqlite.Removal;

/// <summary>What one transaction removed.</summary>
/// <param name="Removed">How many rows.</param>
/// <param name="HasMore">Whether another step may find more.</param>
internal readonly record struct RemovalStep(int Removed, bool HasMore);
