namespace Channels.AspNetCore.PushStream.Publishing;

/// <summary>The numbers of one channel.</summary>
/// <param name="Name">As this wire spells it.</param>
/// <param name="PublishedMessages">How many messages were published since the process started.</param>
/// <param name="StoredMessages">How many messages are kept.</param>
/// <param name="Subscribers">How many connections and waiting polls receive it.</param>
internal readonly record struct PushStreamChannelCount(string Name, long PublishedMessages, int StoredMessages, int Subscribers);
