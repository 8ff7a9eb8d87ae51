namespace Channels.Engine;

/// <summary>Entries that wait for a commit they will share.</summary>
/// <param name="entries">The entries.</param>
/// <param name="since">Timestamp from when on they wait.</param>
internal sealed class PendingAppend(IReadOnlyList<AppendEntry> entries, long since)
    : TaskCompletionSource<IReadOnlyList<AppendOutcome>?>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public IReadOnlyList<AppendEntry> Entries { get; } = entries;

    public long Since => since;

    public long Bytes { get; } = entries.Sum(entry => 256L + entry.Draft.Payload.Length + (entry.Change?.Size ?? 0));
}
