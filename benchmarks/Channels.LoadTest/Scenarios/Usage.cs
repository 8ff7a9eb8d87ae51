using System.Diagnostics;
using Channels.LoadTest.Client;
using Channels.LoadTest.Roles;

namespace Channels.LoadTest.Scenarios;

/// <summary>What a server uses during a measurement.</summary>
internal sealed class Usage(ControlClient control, ServerStats before)
{
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>Since the measurement began.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    /// <summary>Ends the measurement.</summary>
    /// <param name="operations">How many of them are measured.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<PerOperation> StopAsync(long operations, CancellationToken cancellationToken)
    {
        var elapsed = Elapsed;
        var after = await control.ReadStatsAsync(cancellationToken);
        return new(
            operations / elapsed.TotalSeconds,
            (after.CpuMicroseconds - before.CpuMicroseconds) / operations,
            (double)(after.AllocatedBytes - before.AllocatedBytes) / operations);
    }

    /// <param name="Rate">Operations per second.</param>
    /// <param name="CpuMicroseconds">Processor time of the server for each.</param>
    /// <param name="AllocatedBytes">Bytes that the server allocated for each.</param>
    internal readonly record struct PerOperation(double Rate, double CpuMicroseconds, double AllocatedBytes);
}
