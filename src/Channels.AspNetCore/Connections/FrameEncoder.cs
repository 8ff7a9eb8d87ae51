namespace Channels.AspNetCore.Connections;

/// <summary>Makes a delivery's frame, as <see cref="WireForm.Encode"/> does.</summary>
/// <param name="delivery">What to tell the client.</param>
/// <returns>The frame; empty when the wire says nothing about it.</returns>
internal delegate Frame FrameEncoder(in Delivery delivery);
