namespace Channels.Engine;

/// <summary>Counts what may exist only so many times.</summary>
internal sealed class BoundedCount
{
    private int _value;

    public int Value => Volatile.Read(ref _value);

    public bool TryAdd(int limit)
    {
        if (Interlocked.Increment(ref _value) <= limit)
        {
            return true;
        }

        Interlocked.Decrement(ref _value);
        return false;
    }

    public void Remove() => Interlocked.Decrement(ref _value);
}
