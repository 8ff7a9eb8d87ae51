namespace Channels.LoadTest.Client;

/// <summary>Every wait of the client ends: a server that does not deliver fails the run.</summary>
internal static class Patience
{
    /// <summary>Longer than anything here takes on a machine that is not overloaded.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    public static Task WithinAsync(this Task task, CancellationToken cancellationToken) => task.WaitAsync(Limit, cancellationToken);

    /// <summary>Waits until something is true, looking often.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            while (!await condition())
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The server did not come so far: {what}.");
        }
    }
}
