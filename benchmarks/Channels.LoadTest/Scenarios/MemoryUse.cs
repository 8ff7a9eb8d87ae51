using Channels.LoadTest.Roles;

namespace Channels.LoadTest.Scenarios;

/// <summary>Memory that clients take in a server while they do nothing.</summary>
internal static class MemoryUse
{
    /// <summary>Clients that come and go first, so that what exists once for all is there before counting.</summary>
    public const int Early = 100;

    private const double Kilobyte = 1024;

    /// <summary>Long enough for what connecting left behind to end.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(0.5);

    /// <returns>Managed and resident kilobytes for each client, after collections.</returns>
    public static async Task<IReadOnlyList<double>> PerClientAsync(Run run, ServerStats before, int clients)
    {
        await Task.Delay(Rest, run.Cancelled);
        var after = await run.Control.CollectAsync(run.Cancelled);
        return
        [
            (after.ManagedBytes - before.ManagedBytes) / Kilobyte / clients,
            (after.ResidentBytes - before.ResidentBytes) / Kilobyte / clients,
        ];
    }
}
