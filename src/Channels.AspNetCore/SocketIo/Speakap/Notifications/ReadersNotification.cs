namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>Somebody read a news item.</summary>
/// <param name="Event">The only event of its family, <c>read</c>.</param>
/// <param name="Message">EID of the item.</param>
/// <param name="Reader">EID of the user.</param>
internal sealed record ReadersNotification(string Event, string Message, string Reader);
