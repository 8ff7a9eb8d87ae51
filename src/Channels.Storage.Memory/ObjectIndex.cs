namespace Channels.Storage.Memory;

/// <summary>Classes and objects of an instance. Guarded by its lock.</summary>
internal sealed class ObjectIndex
{
    private readonly Dictionary<string, ClassLog> _classes = new(StringComparer.Ordinal);
    private readonly SortedList<long, ClassLog> _bySequence = [];
    private readonly Dictionary<string, HashSet<(string Class, long Id)>> _bound = new(StringComparer.Ordinal);
    private long _lastId;

    /// <summary>The id that the next new object gets.</summary>
    public long NextId => _lastId + 1;

    public ClassLog? FindClass(string name) => _classes.GetValueOrDefault(name);

    public void AddClass(ClassLog added)
    {
        _classes.Add(added.Facts.Name, added);
        _bySequence.Add(added.Facts.Sequence, added);
    }

    public void RemoveClass(ClassLog removed)
    {
        _classes.Remove(removed.Facts.Name);
        _bySequence.Remove(removed.Facts.Sequence);
        foreach (var gone in removed.Objects)
        {
            Unbind(gone);
        }
    }

    public ObjectClass[] ListClasses(ObjectListQuery query)
    {
        var matches = _bySequence.Values.Where(known => known.Facts.Sequence > (query.After ?? 0) && known.Facts.Sequence < (query.Before ?? long.MaxValue));
        return [.. (query.NewestFirst ? matches.Reverse() : matches).Take(query.Limit).Select(known => known.Read())];
    }

    /// <summary>Does what a change decided.</summary>
    public void Apply(ClassLog owner, ObjectDecision decision)
    {
        if (decision.After is not { } after)
        {
            owner.Remove(decision.Before!.Id);
            Unbind(decision.Before);
            return;
        }

        owner.Put(after);
        _lastId = Math.Max(_lastId, after.Id);
        if (decision.Before is null && after.Channel is { } channel)
        {
            if (!_bound.TryGetValue(channel, out var bound))
            {
                _bound.Add(channel, bound = []);
            }

            bound.Add((after.Class, after.Id));
        }
    }

    /// <summary>Removes the objects that are bound to a channel.</summary>
    public void RemoveBound(string channel)
    {
        if (_bound.Remove(channel, out var bound))
        {
            foreach (var (name, id) in bound)
            {
                _classes[name].Remove(id);
            }
        }
    }

    private void Unbind(DataObject gone)
    {
        if (gone.Channel is { } channel && _bound.TryGetValue(channel, out var bound) && bound.Remove((gone.Class, gone.Id)) && bound.Count == 0)
        {
            _bound.Remove(channel);
        }
    }
}
