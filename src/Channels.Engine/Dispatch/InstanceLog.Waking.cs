namespace Channels.Engine;

/// <summary>Waking those who wait, on the pool: a message costs its publisher no more than a note that its address has something.</summary>
internal sealed partial class InstanceLog : IThreadPoolWorkItem
{
    private WakeBatch _due = new(context.Woken);
    private WakeBatch? _spare;
    private long _dueNumber = 1;
    private long _complete;
    private bool _isQueued;

    // Whether the addresses that are due, and those that are just taken care of, are marked everywhere.
    private bool _dueIsMarked = true;
    private bool _takenIsMarked = true;

    /// <summary>
    /// Id up to which every connection has been told which of its addresses have something. Behind <see cref="Position"/> only while
    /// many are about to be told.
    /// </summary>
    public long Complete => Volatile.Read(ref _complete);

    /// <summary>Wakes a connection once every connection has been told of everything up to now.</summary>
    public void WakeWhenComplete(ChannelConnection connection)
    {
        lock (_gate)
        {
            _due.Add(connection);
            QueueDue_NeedsLock();
        }
    }

    /// <summary>Takes a batch of addresses, tells the connections, and wakes them. What comes meanwhile is the next batch.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        var (batch, position) = TakeDue();
        batch.Collect();
        bool goesOn;
        lock (_gate)
        {
            // Before anybody is woken: who looks must be able to read what it was woken for.
            goesOn = _isQueued = !_due.IsEmpty;
            _takenIsMarked = true;
            Volatile.Write(ref _complete, Math.Max(_complete, _dueIsMarked ? _position : position));
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
            _due = Interlocked.Exchange(ref _spare, null) ?? new(context.Woken);
            _dueNumber++;
            _takenIsMarked = _dueIsMarked;
            _dueIsMarked = true;
            return (batch, _position);
        }
    }

    /// <summary>Notes that those who wait on an address have to be woken. Comes before the position of its message.</summary>
    /// <param name="feed">The address.</param>
    /// <param name="isMarked">Whether their connections know that the address has something.</param>
    private void WakeLater_NeedsLock(AddressFeed feed, bool isMarked)
    {
        _dueIsMarked &= isMarked;
        if (feed.DueNumber == _dueNumber)
        {
            return;
        }

        feed.DueNumber = _dueNumber;
        _due.Add(feed);
        QueueDue_NeedsLock();
    }

    private void QueueDue_NeedsLock()
    {
        if (!_isQueued)
        {
            _isQueued = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void Advance_NeedsLock(long position)
    {
        Volatile.Write(ref _position, position);
        if (_dueIsMarked && _takenIsMarked)
        {
            Volatile.Write(ref _complete, position);
        }
    }
}
