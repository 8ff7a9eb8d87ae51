namespace Channels.Engine;

/// <summary>
/// A connection's position in one address: first in pages of the store, then in the tail. It holds no queue. Everything but
/// <see cref="EndAt"/>, <see cref="Suspend"/>, <see cref="Resume"/>, <see cref="Stop"/>, <see cref="TryMark"/> and <see cref="OnAppended"/> is
/// for the connection's one reader.
/// </summary>
internal sealed partial class AddressReader
{
    private const int PageSize = 256;

    private readonly EngineContext _context;
    private TailNode? _node;
    private TailNode? _peeked;
    private IReadOnlyList<ChannelMessage> _page = [];
    private int _pageCount;
    private int _pageIndex;
    private long _pageThrough;
    private long _after;
    private long _gapsToldThrough;
    private MessageGap? _gap;
    private long _fence = long.MaxValue;
    private long _heldAt = long.MaxValue;
    private bool _startsAnywhere;
    private volatile AccessStatus _endReason;
    private volatile bool _isStopped;
    private int _isMarked;
    private volatile ChannelCaller _caller;
    private long _readOrdinal;
    private long _readBytes;

    public AddressReader(ChannelConnection connection, ChannelCaller caller, EngineContext context, AddressFeed feed, PatternSubscription? owner)
    {
        Connection = connection;
        _caller = caller;
        _context = context;
        Feed = feed;
        Owner = owner;
    }

    public ChannelConnection Connection { get; }

    public AddressFeed Feed { get; }

    /// <summary>Its place among the readers of its feed, which guards it; -1 for none.</summary>
    public int FeedIndex { get; set; } = -1;

    /// <summary>Whether the connection's merge has it; for the connection's one reader.</summary>
    public bool IsQueued { get; set; }

    /// <summary>The one that was marked before it; guarded by its mark.</summary>
    public AddressReader? NextMarked { get; set; }

    /// <summary>Whether it was detached, and has nothing to tell any more.</summary>
    public bool IsStopped => _isStopped;

    /// <summary>The pattern that attached it; none when the address itself was subscribed. Guarded by the connection.</summary>
    public PatternSubscription? Owner { get; set; }

    /// <summary>What a pattern missed because this one has ended and is still here; guarded by the dispatcher's lock.</summary>
    public MissedMatches? Unmatched { get; set; }

    /// <summary>Whose permissions count.</summary>
    public ChannelCaller Caller
    {
        get => _caller;
        set => _caller = value;
    }

    private bool IsHeld => Volatile.Read(ref _heldAt) != long.MaxValue;

    /// <summary>Nothing later than this is delivered, whatever happens.</summary>
    private long Fence => Volatile.Read(ref _fence);

    /// <summary>Where it waits for a decision, and holds back what the connection may deliver.</summary>
    public long HeldAt => _isStopped ? long.MaxValue : Volatile.Read(ref _heldAt);

    public MessageGap Gap => _gap.GetValueOrDefault();

    public AccessStatus EndReason => _endReason;

    /// <summary>Stands at a position; called under the dispatcher's lock, so between two ids.</summary>
    /// <param name="after">The position.</param>
    /// <param name="gap">What is missing before it.</param>
    /// <param name="startsAnywhere">Whether the oldest message is what was asked for, so that nothing before it is missing.</param>
    public void StartAt(long after, MessageGap? gap, bool startsAnywhere)
    {
        _after = after;
        _pageThrough = after;
        _gap = gap;
        _node = Feed.Locate(after);
        _startsAnywhere = startsAnywhere;
        var newest = Feed.Newest;
        _readOrdinal = (_node ?? newest).Ordinal;
        _readBytes = (_node ?? newest).Bytes;
    }

    public void Suspend(long position) => Volatile.Write(ref _heldAt, position);

    public void Resume()
    {
        Volatile.Write(ref _heldAt, long.MaxValue);
        Connection.Mark(this);
    }

    /// <summary>Ends the subscription between two ids; called under the dispatcher's lock.</summary>
    public void EndAt(long position, AccessStatus reason)
    {
        // What waits for a decision was never allowed.
        Volatile.Write(ref _fence, Math.Min(Math.Min(position, Fence), Volatile.Read(ref _heldAt)));
        _endReason = reason;
        Connection.Mark(this);
        Connection.Wake();
    }

    /// <summary>Delivers nothing more, also to a read that is under way.</summary>
    public void Stop()
    {
        Volatile.Write(ref _fence, 0);
        _isStopped = true;
    }

    /// <summary>Marks it as having something.</summary>
    /// <returns>Whether it was not marked already.</returns>
    public bool TryMark() => Volatile.Read(ref _isMarked) == 0 && Interlocked.Exchange(ref _isMarked, 1) == 0;

    public void Unmark() => Interlocked.Exchange(ref _isMarked, 0);

    /// <summary>Called after something was appended: wakes the connection, or ends it when it lags too much.</summary>
    public void OnAppended(ref WakeChain chain)
    {
        if (Connection.SlowReader == SlowReaderPolicy.Close && LagsTooMuch(Feed.Newest))
        {
            Connection.CloseAsTooSlow();
            return;
        }

        Connection.Wake(ref chain);
    }

    /// <summary>Tells what can be read next.</summary>
    /// <param name="bound">Messages later than this are not looked at yet.</param>
    /// <param name="now">Messages expired by then are skipped.</param>
    /// <param name="message">The next message; with <see cref="ReaderState.Message"/>.</param>
    public ReaderState Peek(long bound, DateTimeOffset now, out ChannelMessage? message)
    {
        message = null;
        if (_gap is null && _node is not null && Connection.SlowReader != SlowReaderPolicy.Close)
        {
            SkipIfLagging();
        }

        if (_gap is not null)
        {
            // Read after the gap was found, as with messages: what is published after the end of a subscription is not missing in it.
            return Fence == 0 || IsHeld ? ReaderState.Nothing : ReaderState.Gap;
        }

        return _node is null ? PeekPage(bound, now, out message) : PeekTail(bound, now, out message);
    }

    /// <summary>Moves past the message that <see cref="Peek"/> told.</summary>
    public void Take(ChannelMessage message)
    {
        _after = message.Id;
        _startsAnywhere = false;
        if (_node is not null)
        {
            Step(_peeked!);
        }
        else
        {
            _pageIndex++;
        }
    }

    public void TakeGap() => _gap = null;

    /// <summary>Reads the next page of the store, or goes over to the tail when that has all that follows.</summary>
    public async ValueTask LoadAsync(CancellationToken cancellationToken)
    {
        _after = Math.Max(_after, _pageThrough);
        _page = [];
        _pageCount = 0;
        _pageIndex = 0;
        if (TryEnterTail())
        {
            return;
        }

        // Everything later than the floor comes from the tail, which has transient messages too and nothing that is not handed on yet.
        var floor = Feed.Floor;
        var slice = await _context.Messages
            .ReadAfterAsync(Feed.Address.Instance, [new(Feed.Address, new(_after))], PageSize, cancellationToken).ConfigureAwait(false);
        TellRemoved(Math.Min(slice.RemovedThrough[0].Value, floor));
        _page = slice.Messages;
        _pageCount = slice.Messages.Count;
        while (_pageCount > 0 && _page[_pageCount - 1].Id > floor)
        {
            _pageCount--;
        }

        _pageThrough = slice.Messages.Count > 0 ? Math.Min(slice.Through.Value, floor) : floor;
        var newest = Feed.Newest;
        Volatile.Write(ref _readOrdinal, newest.Ordinal);
        Volatile.Write(ref _readBytes, newest.Bytes);
    }

    private void TellRemoved(long removed)
    {
        if (removed > _after && removed > _gapsToldThrough && !_startsAnywhere)
        {
            _gap = new(new(_after), new(removed));
        }

        _gapsToldThrough = Math.Max(_gapsToldThrough, removed);
    }

    private ReaderState PeekTail(long bound, DateTimeOffset now, out ChannelMessage? message)
    {
        message = null;
        var before = _after;
        var missedSome = false;
        ReaderState state;
        while (true)
        {
            // Read first: when it ended, everything up to its fence was in the tail already.
            state = EndState();
            if (_node!.Next is not { } next)
            {
                break;
            }

            if (next == TailNode.Cut)
            {
                state = StateBehindMemory();
                LeaveTail();
                break;
            }

            var candidate = next.Message!;
            var isVisible = candidate.Id > _after && candidate.ExpiresAt > now;
            if (IsBeyond(candidate, bound, out state) || (isVisible && missedSome && !_startsAnywhere))
            {
                break;
            }

            if (isVisible)
            {
                _peeked = next;
                message = candidate;
                return ReaderState.Message;
            }

            missedSome |= candidate.Id > _after;
            Step(next);
        }

        return missedSome ? Missed(before, state) : state;
    }

    private ReaderState PeekPage(long bound, DateTimeOffset now, out ChannelMessage? message)
    {
        message = null;
        while (_pageIndex < _pageCount)
        {
            var candidate = _page[_pageIndex];
            if (IsBeyond(candidate, bound, out var state))
            {
                return state;
            }

            if (candidate.ExpiresAt > now)
            {
                message = candidate;
                return ReaderState.Message;
            }

            var before = _after;
            _after = candidate.Id;
            _pageIndex++;
            if (Missed(before, ReaderState.Nothing) == ReaderState.Gap)
            {
                return ReaderState.Gap;
            }
        }

        return StateBehindMemory();
    }

    /// <summary>Takes note of messages that expired before they were read.</summary>
    private ReaderState Missed(long before, ReaderState otherwise)
    {
        if (_startsAnywhere)
        {
            return otherwise;
        }

        _gap = new(new(before), new(_after));
        return ReaderState.Gap;
    }

    /// <summary>Whether a message may not be delivered now, or never.</summary>
    private bool IsBeyond(ChannelMessage candidate, long bound, out ReaderState state)
    {
        // Read after the message was found: what is published after a fence was set finds the fence.
        if (candidate.Id > Fence)
        {
            state = EndState();
            return true;
        }

        state = ReaderState.Nothing;
        return candidate.Id > bound || candidate.Id > Volatile.Read(ref _heldAt);
    }

    /// <summary>The end of what was never allowed is nobody's to know.</summary>
    private ReaderState EndState() => _endReason != AccessStatus.Allowed && !IsHeld ? ReaderState.Ended : ReaderState.Nothing;

    private ReaderState StateBehindMemory() => _endReason != AccessStatus.Allowed ? EndState() : ReaderState.NeedsStore;

    private bool TryEnterTail()
    {
        if (Feed.Locate(_after) is not { } node)
        {
            return false;
        }

        _node = node;
        Volatile.Write(ref _readOrdinal, node.Ordinal);
        Volatile.Write(ref _readBytes, node.Bytes);
        return true;
    }

    private void LeaveTail()
    {
        _node = null;
        _page = [];
        _pageCount = 0;
        _pageIndex = 0;
        _pageThrough = _after;
    }

    private void Step(TailNode to)
    {
        _node = to;
        _after = Math.Max(_after, to.Message!.Id);
        Volatile.Write(ref _readOrdinal, to.Ordinal);
        Volatile.Write(ref _readBytes, to.Bytes);
    }
}
