namespace Channels.AspNetCore.Tests.Kit.Model;

/// <summary>A message that was published.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Channel">Where.</param>
/// <param name="Payload">What.</param>
/// <param name="Excluded">Connection that must not get it.</param>
/// <param name="Began">When publishing began, by the log's clock.</param>
internal sealed record PublishedMessage(long Id, string Channel, string Payload, string? Excluded, long Began);
