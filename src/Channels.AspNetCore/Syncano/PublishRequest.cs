namespace Channels.AspNetCore.Syncano;

/// <summary>A publish as this wire asks for it.</summary>
/// <param name="Payload">A JSON object, UTF-8.</param>
/// <param name="Room">Name of the room, in lower case, if one was given.</param>
internal readonly record struct PublishRequest(ReadOnlyMemory<byte> Payload, string? Room);
