using System.Globalization;
using System.Runtime;

namespace Channels.LoadTest.Roles;

/// <summary>What a server has used since it started, and holds now.</summary>
/// <param name="CpuMicroseconds">User and kernel time of the process.</param>
/// <param name="AllocatedBytes">Bytes allocated by managed code.</param>
/// <param name="ManagedBytes">Bytes of the managed heap.</param>
/// <param name="ResidentBytes">Anonymous resident memory of the process.</param>
/// <param name="Connections">Open WebSockets.</param>
/// <param name="ParkedPolls">Polls that wait.</param>
internal sealed record ServerStats(
    double CpuMicroseconds, long AllocatedBytes, long ManagedBytes, long ResidentBytes, int Connections, long ParkedPolls)
{
    private const string StatusFile = "/proc/self/status";
    private const string ResidentField = "RssAnon:";

    public static ServerStats Read(IRole role) => new(
        Environment.CpuUsage.TotalTime.TotalMicroseconds,
        GC.GetTotalAllocatedBytes(precise: true),
        GC.GetTotalMemory(forceFullCollection: false),
        ReadResident(),
        role.Connections,
        role.ParkedPolls);

    /// <summary>Collects all garbage and gives free memory back.</summary>
    public static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
    }

    private static long ReadResident()
    {
        if (!File.Exists(StatusFile))
        {
            return Environment.WorkingSet;
        }

        var line = File.ReadLines(StatusFile).First(line => line.StartsWith(ResidentField, StringComparison.Ordinal));
        var kilobytes = line[ResidentField.Length..].Replace("kB", "", StringComparison.Ordinal);
        return long.Parse(kilobytes, NumberStyles.Integer | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) * 1024;
    }
}
