namespace Channels.AspNetCore.PushStream.Publishing;

/// <summary>The numbers of one channel.</summary>
/// <param name="Name">As this wire spells it.</param>
/// <param name="StoredMessages">How many messages are kept.</param>
/// <param name="Subscribers">How many connections and waiting polls receive it.</param>
internal readonly record struct PushStreamChannelCount(string Name, int StoredMessages, int Subscribers);
