using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano;

/// <summary>Makes host-relative links below the instance, with the path base, prefix and version of the request.</summary>
internal sealed class SyncanoLinks
{
    private const int MaxCharsOnStack = 512;

    private readonly PathString _pathBase;
    private readonly string _prefix;
    private readonly string _instance;

    private SyncanoLinks(PathString pathBase, string prefix, string instance)
    {
        _pathBase = pathBase;
        _prefix = prefix;
        _instance = instance;
        var root = pathBase.Add(new PathString(prefix.Length == 0 ? null : prefix));
        Root = $"{root.ToUriComponent()}/{Uri.EscapeDataString(instance)}";
    }

    /// <summary>Path of the instance, percent-encoded, without a slash at its end.</summary>
    public string Root { get; }

    /// <summary>Finds the root of a request's links.</summary>
    /// <param name="request">The request.</param>
    /// <param name="instance">Name of the instance, in lower case.</param>
    /// <param name="depth">How many segments of the path follow the instance.</param>
    /// <param name="known">Links of an earlier request, which serve again where they are the same.</param>
    public static SyncanoLinks Of(HttpRequest request, string instance, int depth, SyncanoLinks? known)
    {
        var path = (request.Path.Value ?? "").AsSpan().TrimEnd('/');
        for (var segment = 0; segment <= depth; segment++)
        {
            path = path[..Math.Max(path.LastIndexOf('/'), 0)];
        }

        return known is not null
            && path.SequenceEqual(known._prefix)
            && string.Equals(instance, known._instance, StringComparison.Ordinal)
            && string.Equals(request.PathBase.Value, known._pathBase.Value, StringComparison.Ordinal)
                ? known
                : new(request.PathBase, path.ToString(), instance);
    }

    public string Channels => $"{Root}/channels/";

    public string Connections => $"{Root}/connections/";

    public string Occupancy => $"{Root}/occupancy/";

    public string Presence(string name) => $"{Channel(name)}presence/";

    public string Channel(string name) => $"{Root}/channels/{Uri.EscapeDataString(name)}/";

    public string History(string channel) => $"{Channel(channel)}history/";

    public string Message(string channel, long id) => string.Create(CultureInfo.InvariantCulture, $"{Channel(channel)}history/{id}/");

    /// <summary>Writes the link of a message, as a string only where it is long.</summary>
    public void WriteMessage(Utf8JsonWriter json, ReadOnlySpan<byte> name, string channel, long id)
    {
        Span<char> link = stackalloc char[MaxCharsOnStack];
        if (link.TryWrite(CultureInfo.InvariantCulture, $"{Root}/channels/{Uri.EscapeDataString(channel)}/history/{id}/", out var length))
        {
            json.WriteString(name, link[..length]);
        }
        else
        {
            json.WriteString(name, Message(channel, id));
        }
    }

    public string Classes => $"{Root}/classes/";

    public string Class(string name) => $"{Root}/classes/{Uri.EscapeDataString(name)}/";

    public string Objects(string className) => $"{Class(className)}objects/";

    public string Object(string className, long id) => string.Create(CultureInfo.InvariantCulture, $"{Objects(className)}{id}/");

    public string User(string id) => $"{Root}/users/{Uri.EscapeDataString(id)}/";

    public string Group(string group) => $"{Root}/groups/{Uri.EscapeDataString(group)}/";
}
