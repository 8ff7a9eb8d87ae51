namespace Channels.AspNetCore.Connections;

/// <summary>Encodes a delivery for one wire form: a frame's content or a whole event block. Pure, so that results can be shared.</summary>
/// <param name="delivery">What to tell the client.</param>
/// <returns>The bytes; empty when the wire says nothing about it.</returns>
internal delegate ReadOnlyMemory<byte> DeliveryEncoder(in Delivery delivery);
