using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano;

/// <summary>Which fields of each object a response shows, by the query parameters <c>fields</c> and <c>excluded_fields</c>.</summary>
internal sealed class FieldFilter(string[]? only, string[]? except)
{
    public static FieldFilter All { get; } = new(null, null);

    public static FieldFilter Of(IQueryCollection query)
    {
        var only = Split(query.Last("fields"));
        var except = Split(query.Last("excluded_fields"));
        return only is null && except is null ? All : new(only, except);
    }

    public bool Shows(string field) => only?.Contains(field) != false && except?.Contains(field) != true;

    private static string[]? Split(string? list) => list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
