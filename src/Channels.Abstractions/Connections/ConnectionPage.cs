namespace Channels;

/// <summary>A page of connections.</summary>
/// <param name="Connections">In the order in which they were opened.</param>
/// <param name="HasMore">Whether further ones follow.</param>
public sealed record ConnectionPage(IReadOnlyList<ConnectionInfo> Connections, bool HasMore);
