namespace Channels.Engine;

/// <summary>
/// The addresses of one connection, merged by id. Only those that have something cost anything: they are marked when it comes, looked at,
/// and then kept in the order of their next messages. Everything but <see cref="Mark"/> is for the connection's one reader.
/// </summary>
internal sealed class AddressMerge
{
    // By the id of the next message.
    private readonly PriorityQueue<AddressReader, long> _ready = new();

    // To be looked at: marked, just read from, or with something that comes before messages.
    private readonly List<AddressReader> _open = [];
    private AddressReader? _marked;

    /// <summary>Says that an address has something, or has changed.</summary>
    public void Mark(AddressReader reader)
    {
        if (!reader.TryMark())
        {
            return;
        }

        AddressReader? first;
        do
        {
            first = Volatile.Read(ref _marked);
            reader.NextMarked = first;
        }
        while (Interlocked.CompareExchange(ref _marked, reader, first) != first);
    }

    /// <summary>Tells what can be read next over all addresses: the message with the lowest id, once nothing lower can come any more.</summary>
    /// <param name="bound">Id up to which every address that has something was marked, read before the call; lowered to where one waits for a decision.</param>
    /// <param name="now">Messages expired by then are skipped.</param>
    /// <param name="reader">Whose it is.</param>
    /// <param name="message">The message; with <see cref="ReaderState.Message"/>.</param>
    public ReaderState Peek(ref long bound, DateTimeOffset now, out AddressReader? reader, out ChannelMessage? message)
    {
        TakeMarked();
        while (true)
        {
            if (LookAtOpen(now, ref bound, out reader) is var state and not ReaderState.Nothing)
            {
                message = null;
                return state;
            }

            if (!_ready.TryPeek(out reader, out var id) || id > bound)
            {
                message = null;
                return ReaderState.Nothing;
            }

            // It has to be looked at again after it was read from, and also when it has ended or lost its place meanwhile.
            _ready.Dequeue();
            _open.Add(reader);
            if (reader.Peek(long.MaxValue, now, out message) == ReaderState.Message && message!.Id == id)
            {
                return ReaderState.Message;
            }
        }
    }

    /// <summary>Reads from the store what is missing in memory.</summary>
    public async ValueTask LoadAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var reader in _open)
        {
            if (!reader.IsStopped && reader.Peek(long.MaxValue, now, out _) == ReaderState.NeedsStore)
            {
                await reader.LoadAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private void TakeMarked()
    {
        var reader = Volatile.Read(ref _marked) is null ? null : Interlocked.Exchange(ref _marked, null);
        while (reader is not null)
        {
            // Unmarked before it is looked at: what comes from now on marks it again.
            var next = reader.NextMarked;
            reader.NextMarked = null;
            reader.Unmark();
            if (!reader.IsQueued)
            {
                reader.IsQueued = true;
                _open.Add(reader);
            }

            reader = next;
        }
    }

    /// <summary>Puts those that have a message in order, and lets go of those that have nothing.</summary>
    /// <param name="now">Messages expired by then are skipped.</param>
    /// <param name="bound">Lowered to where one waits for a decision.</param>
    /// <param name="reader">The one that has something which comes before messages.</param>
    private ReaderState LookAtOpen(DateTimeOffset now, ref long bound, out AddressReader? reader)
    {
        for (var i = _open.Count - 1; i >= 0; i--)
        {
            reader = _open[i];
            var heldAt = reader.HeldAt;
            bound = Math.Min(bound, heldAt);
            ChannelMessage? message = null;
            var state = reader.IsStopped ? ReaderState.Nothing : reader.Peek(long.MaxValue, now, out message);
            if (state is ReaderState.Gap or ReaderState.NeedsStore or ReaderState.Ended)
            {
                return state;
            }

            if (state == ReaderState.Message)
            {
                _ready.Enqueue(reader, message!.Id);
            }
            else if (heldAt != long.MaxValue)
            {
                continue;
            }
            else
            {
                reader.IsQueued = false;
            }

            _open[i] = _open[^1];
            _open.RemoveAt(_open.Count - 1);
        }

        reader = null;
        return ReaderState.Nothing;
    }
}
