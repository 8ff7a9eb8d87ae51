namespace Channels.AspNetCore.Tests.Kit.Model;

/// <summary>What a client got: a message, or word of a gap.</summary>
/// <param name="Id">Id of the message.</param>
/// <param name="Payload">Its payload.</param>
/// <param name="Gap">The gap instead.</param>
internal readonly record struct ModelItem(long Id, string Payload, MessageGap? Gap = null);
