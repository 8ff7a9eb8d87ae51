namespace Channels.Storage.Memory;

/// <summary>What a message counts against the byte cap.</summary>
internal static class MessageSize
{
    /// <summary>The message object and its share of ring, order and address; seen as 220 to 480 bytes, by how many messages an address has.</summary>
    private const int FixedBytes = 256;

    public static long Of(ChannelMessage message) =>
        FixedBytes + message.Payload.Length + message.Attributes.WireExtras.Length + (sizeof(char) * (message.Event?.Length ?? 0));
}
