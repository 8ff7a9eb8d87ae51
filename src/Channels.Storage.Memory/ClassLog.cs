namespace Channels.Storage.Memory;

/// <summary>A class of data objects with its objects by id. Guarded by its instance's lock.</summary>
internal sealed class ClassLog(ObjectClass facts)
{
    private static readonly Comparer<DataObject> ById = Comparer<DataObject>.Create(static (left, right) => left.Id.CompareTo(right.Id));

    private readonly SortedSet<DataObject> _objects = new(ById);

    /// <summary>The class as it was stored; its count is not kept up to date.</summary>
    public ObjectClass Facts { get; set; } = facts;

    public IReadOnlyCollection<DataObject> Objects => _objects;

    public ObjectClass Read() => Facts with { ObjectCount = _objects.Count };

    public DataObject? Find(long id) => _objects.TryGetValue(At(id), out var found) ? found : null;

    public void Put(DataObject stored)
    {
        _objects.Remove(stored);
        _objects.Add(stored);
    }

    public void Remove(long id) => _objects.Remove(At(id));

    public DataObject[] List(ObjectListQuery query)
    {
        var first = query.After is { } after and < long.MaxValue ? after + 1 : query.After is null ? 0 : long.MaxValue;
        var last = query.Before is { } before and > long.MinValue ? before - 1 : query.Before ?? long.MaxValue;
        if (first > last)
        {
            return [];
        }

        var range = _objects.GetViewBetween(At(first), At(last));
        return [.. (query.NewestFirst ? range.Reverse() : range).Take(query.Limit)];
    }

    /// <summary>An object that stands where one with this id is.</summary>
    private static DataObject At(long id) => new() { Class = "", Id = id, Fields = default };
}
