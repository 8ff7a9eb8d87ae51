namespace Channels.AspNetCore.PushStream.Publishing;

/// <summary>One value of a report.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Number">A number, unless there is a text.</param>
/// <param name="Text">A text.</param>
internal readonly record struct PushStreamField(string Name, long Number, string? Text = null);
