using System.Threading.Tasks.Sources;

namespace Channels.Engine;

/// <summary>A poll that waits: its own completion source, deadline and place in the address's list, and nothing else.</summary>
internal sealed class PollWaiter : DeadlineQueue.Deadline, IValueTaskSource<PollResult>, IThreadPoolWorkItem
{
    private readonly EngineContext _context;
    private volatile AddressFeed _feed;
    private ManualResetValueTaskSourceCore<PollResult> _completion;
    private CancellationTokenRegistration _cancellation;
    private int _state;

    public PollWaiter(EngineContext context, AddressFeed feed, ChannelCaller caller, long after, long accessVersion)
    {
        _context = context;
        _feed = feed;
        Caller = caller;
        After = after;
        AccessVersion = accessVersion;
    }

    public ChannelCaller Caller { get; }

    /// <summary>Where it waits; replaced, before it is parked, when the address was forgotten meanwhile.</summary>
    public AddressFeed Feed
    {
        get => _feed;
        set => _feed = value;
    }

    /// <summary>State of the catalogue that it was last authorized by.</summary>
    public long AccessVersion { get; set; }

    /// <summary>Whether its channel has not changed since.</summary>
    public bool IsAuthorized => AccessVersion >= _feed.AccessVersion;

    /// <summary>Only a message with a greater id completes the poll.</summary>
    public long After { get; set; }

    /// <summary>The node of the tail that it stands at.</summary>
    public TailNode? Node { get; set; }

    /// <summary>The gap that was met on the way.</summary>
    public MessageGap? Gap { get; set; }

    public PollList? List { get; set; }

    public PollWaiter? NextPoll { get; set; }

    public PollWaiter? PreviousPoll { get; set; }

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

    /// <summary>Moves on to the first visible message after its position.</summary>
    public bool TryFind(DateTimeOffset now, out ChannelMessage? message)
    {
        message = null;
        while (Node?.Next is { } next && next != TailNode.Cut)
        {
            Node = next;
            if (next.Message!.Id <= After)
            {
                continue;
            }

            if (next.Message.ExpiresAt > now)
            {
                message = next.Message;
                return true;
            }

            TellMissed(next.Message.Id);
        }

        return false;
    }

    /// <summary>Waits on; or looks again when the tail lost its place in a burst, or the catalogue changed meanwhile.</summary>
    public void ParkAgain()
    {
        if (IsOver)
        {
            return;
        }

        switch (_feed.Log.TryPark(this, int.MaxValue, out var message))
        {
            case ParkOutcome.Found:
                PollChunk.Complete([(this, new(PollOutcome.Message, message))]);
                break;
            case ParkOutcome.Draining:
                TryComplete(new(PollOutcome.Draining));
                break;
            case ParkOutcome.Parked:
                if (IsOver)
                {
                    _feed.Remove(this);
                }

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

    private bool TryEnd(PollOutcome? outcome)
    {
        if (Interlocked.Exchange(ref _state, 1) != 0)
        {
            return false;
        }

        _context.Polls.Remove();
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
        _feed.Remove(this);
    }

    private async Task LookAgainAsync()
    {
        try
        {
            if (await _feed.Log.LookAgainAsync(this).ConfigureAwait(false) is { } result)
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
