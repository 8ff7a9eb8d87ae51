namespace Channels.LoadTest.Wires;

/// <summary>What a WebSocket client asks for.</summary>
/// <param name="Address">Name of the channel.</param>
/// <param name="After">Id of the last message seen; <see langword="null"/> for only what is new.</param>
internal readonly record struct StreamStart(string Address, long? After = null);
