using System.Globalization;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano.Native;

/// <summary>Paging of lists that go forwards only, from one object to the next. Source: docs/rest-api.md#management</summary>
internal sealed class ManagementPaging
{
    private const int MaxSize = 100;

    private readonly List<KeyValuePair<string, string?>> _carried = [];

    /// <summary>How many objects the page has at most, 0–100.</summary>
    public int Size { get; private init; } = MaxSize;

    /// <summary>The object before the page.</summary>
    public string? After { get; private init; }

    /// <summary>Reads the parameters.</summary>
    /// <param name="query">The query.</param>
    /// <param name="carried">Parameters that a link to the next page repeats.</param>
    /// <returns><see langword="null"/> when one is not valid.</returns>
    public static ManagementPaging? TryRead(IQueryCollection query, params ReadOnlySpan<string> carried)
    {
        long size = MaxSize;
        if (query.Last("page_size") is { } text && (!QueryValues.TryReadInteger(text, out size) || size < 0))
        {
            return null;
        }

        var paging = new ManagementPaging { Size = (int)Math.Min(size, MaxSize), After = query.Last("after") };
        if (size < MaxSize)
        {
            paging._carried.Add(new("page_size", size.ToString(CultureInfo.InvariantCulture)));
        }

        foreach (var name in carried)
        {
            if (query.Last(name) is { } value)
            {
                paging._carried.Add(new(name, value));
            }
        }

        return paging;
    }

    /// <summary>Makes the link to the next page.</summary>
    /// <param name="path">Path of the list.</param>
    /// <param name="last">The last object of this page.</param>
    /// <param name="room">Its room, where it is an address with one.</param>
    public PageLinks Next(string path, string last, string? room = null)
    {
        var query = QueryString.Create(_carried).Add("after", last);
        return new(path + (room is null ? query : query.Add("after_room", room)).ToUriComponent(), null);
    }
}
