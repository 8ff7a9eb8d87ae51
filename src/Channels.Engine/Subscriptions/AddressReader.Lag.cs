namespace Channels.Engine;

/// <summary>How far it is behind, and what becomes of that.</summary>
internal sealed partial class AddressReader
{
    /// <summary>How many messages and payload bytes it has not read.</summary>
    public (long Messages, long Bytes) Lag
    {
        get
        {
            var newest = Feed.Newest;
            return (Math.Max(0, newest.Ordinal - Volatile.Read(ref _readOrdinal)), Math.Max(0, newest.Bytes - Volatile.Read(ref _readBytes)));
        }
    }

    /// <summary>One message alone is no lag, however large it is.</summary>
    private bool LagsTooMuch(TailNode newest)
    {
        var messages = newest.Ordinal - Volatile.Read(ref _readOrdinal);
        return messages > Connection.MaxLagMessages
            || (messages > 1 && newest.Bytes - Volatile.Read(ref _readBytes) > Connection.MaxLagBytes);
    }

    /// <summary>Drops what the policy says; the gap tells from where on nothing is missing.</summary>
    private void SkipIfLagging()
    {
        var newest = Feed.Newest;
        if (!LagsTooMuch(newest))
        {
            return;
        }

        var before = _after;
        var keep = Connection.SlowReader == SlowReaderPolicy.KeepLatest ? 1 : Connection.MaxLagMessages;
        if (_node!.Next == TailNode.Cut)
        {
            _node = Feed.GetOldest(out var floor);
            _after = Math.Max(_after, floor);
            Volatile.Write(ref _readOrdinal, _node.Ordinal);
            Volatile.Write(ref _readBytes, _node.Bytes);
        }

        while (_node.Next is { } next && next != TailNode.Cut && next != newest
            && (newest.Ordinal - _node.Ordinal > keep || newest.Bytes - _node.Bytes > Connection.MaxLagBytes))
        {
            Step(next);
        }

        if (_after > before)
        {
            Connection.Lagged();
            _gap = new(new(before), new(_after));
        }
    }
}
