namespace Channels.AspNetCore.Syncano;

/// <summary>Links to the pages around a page.</summary>
/// <param name="Next">The following page, if there may be one.</param>
/// <param name="Previous">The page before, if it is known to be one.</param>
internal readonly record struct PageLinks(string? Next, string? Previous);
