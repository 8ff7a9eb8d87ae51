using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano;

/// <summary>Makes host-relative links below the instance, with the path base, prefix and version of the request.</summary>
/// <param name="Root">Path of the instance, percent-encoded, without a slash at its end.</param>
internal sealed record SyncanoLinks(string Root)
{
    /// <summary>Finds the root of a request's links.</summary>
    /// <param name="request">The request.</param>
    /// <param name="instance">Name of the instance, in lower case.</param>
    /// <param name="depth">How many segments of the path follow the instance.</param>
    public static SyncanoLinks Of(HttpRequest request, string instance, int depth)
    {
        var path = (request.Path.Value ?? "").AsSpan().TrimEnd('/');
        for (var segment = 0; segment <= depth; segment++)
        {
            path = path[..Math.Max(path.LastIndexOf('/'), 0)];
        }

        var root = request.PathBase.Add(new PathString(path.Length == 0 ? null : path.ToString()));
        return new($"{root.ToUriComponent()}/{Uri.EscapeDataString(instance)}");
    }

    public string Channels => $"{Root}/channels/";

    public string Connections => $"{Root}/connections/";

    public string Occupancy => $"{Root}/occupancy/";

    public string Presence(string name) => $"{Channel(name)}presence/";

    public string Channel(string name) => $"{Root}/channels/{Uri.EscapeDataString(name)}/";

    public string History(string channel) => $"{Channel(channel)}history/";

    public string Message(string channel, long id) => string.Create(CultureInfo.InvariantCulture, $"{Channel(channel)}history/{id}/");

    public string Classes => $"{Root}/classes/";

    public string Class(string name) => $"{Root}/classes/{Uri.EscapeDataString(name)}/";

    public string Objects(string className) => $"{Class(className)}objects/";

    public string Object(string className, long id) => string.Create(CultureInfo.InvariantCulture, $"{Objects(className)}{id}/");

    public string User(string id) => $"{Root}/users/{Uri.EscapeDataString(id)}/";

    public string Group(string group) => $"{Root}/groups/{Uri.EscapeDataString(group)}/";
}
