using System.Threading.Tasks.Sources;

namespace Channels.Engine;

/// <summary>A poll that waits on one or several addresses: its own completion source, deadline and ticket in the addresses' lists, and nothing else.</summary>
internal sealed class PollWaiter : Deadline, IValueTaskSource<PollResult>, IThreadPoolWorkItem
{
    private readonly EngineContext _context;
    private readonly AddressFeed[] _feeds;
    private ManualResetValueTaskSourceCore<PollResult> _completion;
    private CancellationTokenRegistration _cancellation;
    private long _after;
    private volatile bool _isLooking;
    private int _state;

    public PollWaiter(EngineContext context, AddressFeed[] feeds, ChannelCaller caller, long accessVersion)
    {
        _context = context;
        _feeds = feeds;
        Caller = caller;
        AccessVersion = accessVersion;
        Ticket = new(this);
    }

    public ChannelCaller Caller { get; }

    public InstanceLog Log => _feeds[0].Log;

    /// <summary>Where it waits, at least one; replaced, before it is parked, when an address was forgotten meanwhile.</summary>
    public Span<AddressFeed> Feeds => _feeds;

    /// <summary>Stands for it in the lists of the addresses.</summary>
    public PollTicket Ticket { get; }

    /// <summary>State of the catalogue that it was last authorized by.</summary>
    public long AccessVersion { get; set; }

    /// <summary>Whether none of its channels has changed since.</summary>
    public bool IsAuthorized
    {
        get
        {
            foreach (var feed in _feeds)
            {
                if (AccessVersion < feed.AccessVersion)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Only a message with a greater id completes the poll.</summary>
    public long After
    {
        get => Volatile.Read(ref _after);
        set => Volatile.Write(ref _after, value);
    }

    /// <summary>Time of that position, where the poll was parked at the dispatcher's.</summary>
    public DateTimeOffset PositionTime { get; set; }

    /// <summary>
    /// Whether it is being decided and read again for it, while its tickets are in all lists. Set and cleared under the dispatcher's lock.
    /// </summary>
    public bool IsLooking
    {
        get => _isLooking;
        set => _isLooking = value;
    }

    /// <summary>The gap that was met on the way.</summary>
    public MessageGap? Gap { get; set; }

    public bool IsOver => Volatile.Read(ref _state) != 0;

    /// <summary>Starts the deadline and listens to the client; called once it is parked.</summary>
    public ValueTask<PollResult> Start(TimeSpan window, CancellationToken cancellationToken)
    {
        _context.Metrics.PollParked();
        if (Caller.ExpiresAt is { } expiry && expiry - _context.Time.GetUtcNow() is var left && left < window)
        {
            window = left;
        }

        var task = new ValueTask<PollResult>(this, _completion.Version);
        _context.Deadlines.Add(this, window);
        _cancellation = cancellationToken.UnsafeRegister(static (state, token) => ((PollWaiter)state!).Fail(new OperationCanceledException(token)), this);
        Interlocked.MemoryBarrier();
        if (IsOver)
        {
            // Whoever ended it while it was being started may have missed the deadline or the registration.
            Release();
        }

        return task;
    }

    /// <summary>Takes note that messages between its position and an id are missing.</summary>
    public void TellMissed(long through)
    {
        if (Gap is not { } told)
        {
            Gap = new(new(After), new(through));
        }
        else if (told.Oldest.Value < through)
        {
            Gap = told with { Oldest = new(through) };
        }
    }

    /// <summary>Looks for the first visible message after its position, over all its addresses.</summary>
    /// <param name="now">What has expired by now is not visible.</param>
    /// <param name="woken">An address that has something new, if one is known.</param>
    /// <param name="from">The node of that address before the first new one.</param>
    /// <param name="message">The message; none when there is none yet.</param>
    /// <returns><see langword="false"/> when a tail has lost the place, so that the store must be asked.</returns>
    public bool TryFind(DateTimeOffset now, AddressFeed? woken, TailNode? from, out ChannelMessage? message)
    {
        message = null;
        var after = After;
        foreach (var feed in _feeds)
        {
            if (feed == woken)
            {
                if (!TryFindIn(from, after, now, ref message))
                {
                    return false;
                }
            }
            else if (!feed.IsQuietAfter(after) && !TryFindIn(feed.Locate(after), after, now, ref message))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Waits on; or looks again when a tail lost its place in a burst, or the catalogue changed meanwhile.</summary>
    /// <param name="woken">The address whose list it was taken from.</param>
    public void ParkAgain(AddressFeed woken)
    {
        if (IsOver)
        {
            return;
        }

        switch (Log.TryPark(this, woken, int.MaxValue, out var message))
        {
            case ParkOutcome.Found:
                PollChunk.Complete([(this, new(PollOutcome.Message, message))]);
                break;
            case ParkOutcome.Draining:
                TryComplete(new(PollOutcome.Draining));
                break;
            case ParkOutcome.Parked:
                break;
            default:
                _ = LookAgainAsync();
                break;
        }
    }

    public bool TryComplete(PollResult result)
    {
        if (!TryEnd(result.Outcome))
        {
            return false;
        }

        if (result.Outcome == PollOutcome.Message)
        {
            _context.Metrics.Delivered(1);
        }

        _completion.SetResult(Gap is null ? result : result with { Gap = Gap });
        return true;
    }

    public override void OnDue() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    /// <summary>Ends it because it is due.</summary>
    void IThreadPoolWorkItem.Execute() => TryComplete(
        Caller.ExpiresAt is not null && _context.Policy.IsExpired(Caller) ? new(PollOutcome.Refused, Access: AccessStatus.Forbidden) : WindowClosed);

    public PollResult GetResult(short token) => _completion.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _completion.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    private static PollResult WindowClosed { get; } = new(PollOutcome.WindowClosed);

    private bool TryFindIn(TailNode? node, long after, DateTimeOffset now, ref ChannelMessage? lowest)
    {
        for (node = node?.Next ?? (node is null ? TailNode.Cut : null); node is not null; node = node.Next)
        {
            if (node == TailNode.Cut)
            {
                return false;
            }

            var candidate = node.Message!;
            if (candidate.Id <= after)
            {
                continue;
            }

            if (lowest?.Id < candidate.Id)
            {
                break;
            }

            if (candidate.ExpiresAt > now)
            {
                lowest = candidate;
                break;
            }

            TellMissed(candidate.Id);
        }

        return true;
    }

    private bool TryEnd(PollOutcome? outcome)
    {
        if (Interlocked.Exchange(ref _state, 1) != 0)
        {
            return false;
        }

        _context.PollEnded();
        _context.Metrics.PollEnded(outcome);
        Release();
        return true;
    }

    private void Fail(Exception exception)
    {
        if (TryEnd(outcome: null))
        {
            _completion.SetException(exception);
        }
    }

    private void Release()
    {
        _context.Deadlines.Remove(this);
        _cancellation.Unregister();
        Ticket.Clear();
    }

    private async Task LookAgainAsync()
    {
        try
        {
            if (await Log.LookAgainAsync(this).ConfigureAwait(false) is { } result)
            {
                TryComplete(result);
            }
        }
#pragma warning disable CA1031 // whatever the store throws is for whoever waits, and would otherwise never end the poll
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(exception);
        }
    }
}
