namespace Channels.LoadTest.Client;

/// <summary>A connection that polls.</summary>
/// <param name="Line">The connection.</param>
/// <param name="Request">What it sends for each poll.</param>
/// <param name="Farewell">What tells the server that nothing follows, from another connection; empty where hanging up does.</param>
internal sealed record PollLine(HttpLine Line, ReadOnlyMemory<byte> Request, ReadOnlyMemory<byte> Farewell = default);
