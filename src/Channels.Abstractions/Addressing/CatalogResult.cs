namespace Channels;

/// <summary>How an operation on the catalogue ended, with the descriptor when there is one.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Channel">The descriptor after the operation; only with <see cref="CatalogStatus.Done"/>.</param>
public readonly record struct CatalogResult(CatalogStatus Status, ChannelDescriptor? Channel = null);
