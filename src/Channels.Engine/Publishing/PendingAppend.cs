namespace Channels.Engine;

/// <summary>Entries that wait for a commit they will share.</summary>
internal sealed class PendingAppend(IReadOnlyList<AppendEntry> entries)
    : TaskCompletionSource<IReadOnlyList<AppendOutcome>?>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public IReadOnlyList<AppendEntry> Entries { get; } = entries;

    public long Bytes { get; } = entries.Sum(entry => 256L + entry.Draft.Payload.Length);
}
