namespace Channels.Engine;

/// <summary>What happens to the tail when the store has lost messages.</summary>
internal sealed partial class AddressFeed
{
    /// <summary>Forgets the tail, because its messages were deleted.</summary>
    /// <param name="floor">What is later will be in the tail again.</param>
    public void Clear(long floor)
    {
        lock (_gate)
        {
            Begin_NeedsLock(_newest, floor);
            Hold_NeedsLock(-_heldBytes);
        }
    }

    /// <summary>Forgets the tail, because messages behind it were removed before they were handed on.</summary>
    /// <returns>Whether somebody is there who may wait.</returns>
    public bool Miss(long removed)
    {
        lock (_gate)
        {
            _wakeFrom ??= _polls.IsEmpty ? null : _newest;
            Clear(removed);
            return _readers.Count > 0 || !_polls.IsEmpty;
        }
    }
}
