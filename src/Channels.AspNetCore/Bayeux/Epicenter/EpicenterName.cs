namespace Channels.AspNetCore.Bayeux.Epicenter;

/// <summary>The name of a channel of one of the families. Source: docs/protocols/bayeux.md#families</summary>
/// <param name="Family">First segment.</param>
/// <param name="Project">The project that the next two segments name.</param>
/// <param name="Rest">All further segments.</param>
internal readonly record struct EpicenterName(string Family, EpicenterProject Project, ArraySegment<string> Rest)
{
    private const int Start = 3;

    public static EpicenterName? Read(string name)
    {
        var segments = name.Split('/');
        return segments.Length >= Start && segments[0] is "project" or "group" or "world" or "user" or "data" or "general" or "chat"
            && !segments.AsSpan(0, Start).Contains("*") && !segments.AsSpan(0, Start).Contains("**")
            ? new(segments[0], new(segments[1], segments[2]), new(segments, Start, segments.Length - Start))
            : null;
    }
}
