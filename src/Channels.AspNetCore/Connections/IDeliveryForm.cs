namespace Channels.AspNetCore.Connections;

/// <summary>Spells the deliveries of one connection.</summary>
internal interface IDeliveryForm
{
    /// <summary>Makes the frame of a delivery, or takes the one that was made for others already.</summary>
    /// <param name="delivery">What to tell the client; each once, in order.</param>
    /// <returns>The frame; empty when the wire says nothing about it.</returns>
    Frame Encode(in Delivery delivery);
}
