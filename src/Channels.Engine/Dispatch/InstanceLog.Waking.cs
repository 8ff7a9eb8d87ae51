namespace Channels.Engine;

/// <summary>Waking those who wait, on the pool: a message costs its publisher no more than a note that its address has something.</summary>
internal sealed partial class InstanceLog : IThreadPoolWorkItem
{
    private WakeBatch _due = new();
    private WakeBatch? _spare;
    private long _dueNumber = 1;
    private long _complete;
    private bool _isCollecting;

    /// <summary>
    /// Id up to which every connection has been told which of its addresses have something. Behind <see cref="Position"/> only while
    /// somebody is about to be woken.
    /// </summary>
    public long Complete => Volatile.Read(ref _complete);

    /// <summary>Takes a batch of addresses, tells the connections, and wakes them. What comes meanwhile is the next batch.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        var (batch, position) = TakeDue();
        batch.Collect();
        bool goesOn;
        lock (_gate)
        {
            // Before anybody is woken: who looks must be able to read what it was woken for.
            goesOn = _isCollecting = !_due.IsEmpty;
            Volatile.Write(ref _complete, goesOn ? position : _position);
        }

        var rest = batch.Wake(context.Time.GetUtcNow());
        Volatile.Write(ref _spare, batch);
        if (goesOn)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        rest.ContinueRest();
    }

    private (WakeBatch Batch, long Position) TakeDue()
    {
        lock (_gate)
        {
            var batch = _due;
            _due = Interlocked.Exchange(ref _spare, null) ?? new();
            _dueNumber++;
            return (batch, _position);
        }
    }

    /// <summary>Notes that those who wait on an address have to be woken. Comes before the position of its message.</summary>
    private void WakeLater_NeedsLock(AddressFeed feed)
    {
        if (feed.DueNumber == _dueNumber)
        {
            return;
        }

        feed.DueNumber = _dueNumber;
        _due.Add(feed);
        if (!_isCollecting)
        {
            _isCollecting = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void Advance_NeedsLock(long position)
    {
        Volatile.Write(ref _position, position);
        if (!_isCollecting)
        {
            Volatile.Write(ref _complete, position);
        }
    }
}
