using System.Globalization;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano;

/// <summary>The paging parameters of a list. Source: docs/protocols/syncano.md#paging</summary>
internal sealed class SyncanoPaging
{
    private const int MaxSize = 100;

    // What a link has to repeat so that it leads to a page of the same list.
    private static readonly string[] Carried = ["ordering", "room", "last_id", "name__startswith", "fields", "excluded_fields"];

    private readonly List<KeyValuePair<string, string?>> _carried = [];

    /// <summary>How many objects the page has at most, 0–100.</summary>
    public int Size { get; private init; } = MaxSize;

    /// <summary>Whether the list starts at its newest object; <see langword="null"/> for the list's default.</summary>
    public bool? NewestFirst { get; private init; }

    /// <summary>Whether the page lies before the boundary; <see langword="null"/> when no direction was given.</summary>
    public bool? Backwards { get; private init; }

    /// <summary>The object next to the page, exclusive.</summary>
    public long? Boundary { get; private init; }

    /// <summary>Reads the parameters.</summary>
    /// <returns><see langword="null"/> when one is not valid.</returns>
    public static SyncanoPaging? TryRead(IQueryCollection query)
    {
        if (!TryReadNumber(query, "page_size", out var size) || size < 0
            || !TryReadNumber(query, "direction", out var direction) || direction is not (null or 0 or 1)
            || !TryReadNumber(query, "last_pk", out var boundary))
        {
            return null;
        }

        var paging = new SyncanoPaging
        {
            Size = (int)Math.Min(size ?? MaxSize, MaxSize),
            NewestFirst = query.Last("ordering") switch { "asc" => false, "desc" => true, _ => null },
            Backwards = direction is null ? null : direction == 0,
            Boundary = boundary,
        };
        paging.Carry(query, size is not null);
        return paging;
    }

    /// <summary>Makes the links around a page.</summary>
    /// <param name="path">Path of the list.</param>
    /// <param name="count">How many objects the page has.</param>
    /// <param name="first">Id of its first object.</param>
    /// <param name="last">Id of its last object.</param>
    public PageLinks LinksOf(string path, int count, long first, long last)
    {
        var isFull = Size > 0 && count == Size;
        return new(
            Next: isFull ? Link(path, 1, last) : Backwards == true ? Link(path, null, null) : null,
            Previous: Backwards switch
            {
                null => null,
                true when !isFull => null,
                _ => Link(path, 0, count == 0 ? null : first),
            });
    }

    /// <summary>Makes the links around a page of things with numbers.</summary>
    public PageLinks LinksOf<T>(string path, IReadOnlyList<T> page, Func<T, long> numberOf) =>
        page.Count == 0 ? LinksOf(path, 0, 0, 0) : LinksOf(path, page.Count, numberOf(page[0]), numberOf(page[^1]));

    /// <summary>The page as the engine is asked for it, in a list that starts at its oldest by default; a page before the boundary is turned round.</summary>
    public ObjectListQuery ToListQuery()
    {
        var newestFirst = (NewestFirst == true) != (Backwards == true);
        var boundary = Backwards is null ? null : Boundary;
        return new() { Limit = Size, NewestFirst = newestFirst, After = newestFirst ? null : boundary, Before = newestFirst ? boundary : null };
    }

    private static bool TryReadNumber(IQueryCollection query, string name, out long? value)
    {
        value = null;
        if (query.Last(name) is not { } text)
        {
            return true;
        }

        var isNumber = QueryValues.TryReadInteger(text, out var number);
        value = number;
        return isNumber;
    }

    private void Carry(IQueryCollection query, bool withSize)
    {
        if (withSize)
        {
            _carried.Add(new("page_size", Size.ToString(CultureInfo.InvariantCulture)));
        }

        foreach (var name in Carried)
        {
            if (query.Last(name) is { } value && !(name == "ordering" && NewestFirst is null))
            {
                _carried.Add(new(name, value));
            }
        }
    }

    private string Link(string path, int? direction, long? boundary)
    {
        var query = QueryString.Create(_carried);
        query = direction is { } way ? query.Add("direction", way.ToString(CultureInfo.InvariantCulture)) : query;
        query = boundary is { } id ? query.Add("last_pk", id.ToString(CultureInfo.InvariantCulture)) : query;
        return path + query.ToUriComponent();
    }
}
