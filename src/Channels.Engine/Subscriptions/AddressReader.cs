namespace Channels.Engine;

/// <summary>
/// A connection's position in one address: first in pages of the store, then in the tail. It holds no queue. Everything but
/// <see cref="EndAt"/>, <see cref="Suspend"/> and <see cref="OnAppended"/> is for the connection's one reader.
/// </summary>
internal sealed class AddressReader
{
    private const int PageSize = 256;

    private readonly ChannelConnection _connection;
    private readonly EngineContext _context;
    private TailNode? _node;
    private TailNode? _peeked;
    private IReadOnlyList<ChannelMessage> _page = [];
    private int _pageIndex;
    private long _pageThrough;
    private long _after;
    private long _gapsToldThrough;
    private MessageGap? _gap;
    private long _fence = long.MaxValue;
    private volatile AccessStatus _endReason;
    private long _readOrdinal;
    private long _readBytes;

    public AddressReader(ChannelConnection connection, EngineContext context, AddressFeed feed, ChannelPattern? pattern)
    {
        _connection = connection;
        _context = context;
        Feed = feed;
        Pattern = pattern;
    }

    public AddressFeed Feed { get; }

    /// <summary>The pattern that attached it; none when the address itself was subscribed.</summary>
    public ChannelPattern? Pattern { get; }

    public ChannelCaller Caller => _connection.Caller;

    /// <summary>Nothing later than this is delivered.</summary>
    public long Fence => Volatile.Read(ref _fence);

    /// <summary>Whether it waits for a decision and holds back what the connection may deliver.</summary>
    public bool IsSuspended => Fence != long.MaxValue && _endReason == AccessStatus.Allowed;

    public MessageGap Gap => _gap.GetValueOrDefault();

    public AccessStatus EndReason => _endReason;

    /// <summary>Stands at a position; called under the dispatcher's lock, so between two ids.</summary>
    public void StartAt(long after, MessageGap? gap)
    {
        _after = after;
        _pageThrough = after;
        _gap = gap;
        _node = Feed.Locate(after);
        var newest = Feed.Newest;
        _readOrdinal = (_node ?? newest).Ordinal;
        _readBytes = (_node ?? newest).Bytes;
    }

    public void Suspend(long fence) => Volatile.Write(ref _fence, fence);

    public void Resume() => Volatile.Write(ref _fence, long.MaxValue);

    /// <summary>Ends the subscription between two ids.</summary>
    public void EndAt(long position, AccessStatus reason)
    {
        _endReason = reason;
        Volatile.Write(ref _fence, Math.Min(position, Fence));
        _connection.Wake();
    }

    /// <summary>Delivers nothing more, also to a read that is under way.</summary>
    public void Stop() => Volatile.Write(ref _fence, 0);

    public void Detach() => _connection.Detach(this);

    /// <summary>Called after something was appended: wakes the connection, or ends it when it lags too much.</summary>
    public void OnAppended(ref WakeChunk.Builder chunk)
    {
        if (_connection.SlowReader == SlowReaderPolicy.Close && LagsTooMuch(Feed.Newest))
        {
            _connection.CloseAsTooSlow();
            return;
        }

        _connection.Wake(ref chunk);
    }

    /// <summary>Tells what can be read next.</summary>
    /// <param name="bound">Messages later than this are not looked at yet.</param>
    /// <param name="now">Messages expired by then are skipped.</param>
    /// <param name="message">The next message; with <see cref="ReaderState.Message"/>.</param>
    public ReaderState Peek(long bound, DateTimeOffset now, out ChannelMessage? message)
    {
        message = null;
        if (_gap is not null)
        {
            return ReaderState.Gap;
        }

        var limit = Math.Min(bound, Fence);
        if (_node is null)
        {
            return PeekPage(limit, now, out message);
        }

        if (_connection.SlowReader != SlowReaderPolicy.Close && SkipIfLagging())
        {
            return ReaderState.Gap;
        }

        while (_node.Next is { } next)
        {
            if (next == TailNode.Cut)
            {
                LeaveTail();
                return _endReason != AccessStatus.Allowed ? ReaderState.Ended : ReaderState.NeedsStore;
            }

            var candidate = next.Message!;
            if (candidate.Id > limit)
            {
                return candidate.Id > Fence ? EndState() : ReaderState.Nothing;
            }

            if (candidate.Id > _after)
            {
                if (candidate.ExpiresAt > now)
                {
                    _peeked = next;
                    message = candidate;
                    return ReaderState.Message;
                }

                _gap = new(new(_after), candidate.Cursor);
                Step(next);
                return ReaderState.Gap;
            }

            Step(next);
        }

        return EndState();
    }

    /// <summary>Moves past the message that <see cref="Peek"/> told.</summary>
    public void Take(ChannelMessage message)
    {
        _after = message.Id;
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
        _pageIndex = 0;
        if (TryEnterTail())
        {
            return;
        }

        var slice = await _context.Messages
            .ReadAfterAsync(Feed.Address.Instance, [new(Feed.Address, new(_after))], PageSize, cancellationToken).ConfigureAwait(false);
        var removed = slice.RemovedThrough[0].Value;
        if (removed > _after && removed > _gapsToldThrough)
        {
            _gapsToldThrough = removed;
            _gap = new(new(_after), new(removed));
        }

        _page = slice.Messages;
        _pageThrough = slice.Through.Value;
        var newest = Feed.Newest;
        Volatile.Write(ref _readOrdinal, newest.Ordinal);
        Volatile.Write(ref _readBytes, newest.Bytes);
    }

    private ReaderState PeekPage(long limit, DateTimeOffset now, out ChannelMessage? message)
    {
        message = null;
        while (_pageIndex < _page.Count)
        {
            var candidate = _page[_pageIndex];
            if (candidate.Id > limit)
            {
                return candidate.Id > Fence ? EndState() : ReaderState.Nothing;
            }

            if (candidate.ExpiresAt > now)
            {
                message = candidate;
                return ReaderState.Message;
            }

            _gap = new(new(_after), candidate.Cursor);
            _after = candidate.Id;
            _pageIndex++;
            return ReaderState.Gap;
        }

        return _endReason != AccessStatus.Allowed ? ReaderState.Ended : ReaderState.NeedsStore;
    }

    private ReaderState EndState() => _endReason != AccessStatus.Allowed ? ReaderState.Ended : ReaderState.Nothing;

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

    private bool LagsTooMuch(TailNode newest) =>
        newest.Ordinal - Volatile.Read(ref _readOrdinal) > _connection.MaxLagMessages
        || newest.Bytes - Volatile.Read(ref _readBytes) > _connection.MaxLagBytes;

    /// <summary>Drops what the policy says; the gap tells from where on nothing is missing.</summary>
    private bool SkipIfLagging()
    {
        var newest = Feed.Newest;
        if (!LagsTooMuch(newest))
        {
            return false;
        }

        var before = _after;
        var keep = _connection.SlowReader == SlowReaderPolicy.KeepLatest ? 1 : _connection.MaxLagMessages;
        if (_node!.Next == TailNode.Cut)
        {
            _node = Feed.OldestNode();
            _after = Math.Max(_after, Feed.Floor);
        }

        while (_node.Next is { } next && next != TailNode.Cut
            && (newest.Ordinal - _node.Ordinal > keep || newest.Bytes - _node.Bytes > _connection.MaxLagBytes)
            && next != newest)
        {
            Step(next);
        }

        Volatile.Write(ref _readOrdinal, Math.Max(_node.Ordinal, newest.Ordinal - _connection.MaxLagMessages));
        _context.Metrics.ReaderLagged(_connection.SlowReader);
        _gap = new(new(before), new(_after));
        return true;
    }
}
