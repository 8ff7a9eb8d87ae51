namespace Channels.LoadTest.Report;

/// <summary>Whether others used the machine too.</summary>
internal static class MachineLoad
{
    private const string File = "/proc/loadavg";

    /// <summary>How many threads wanted a core in the last minute, on average; "unknown" where the system does not say.</summary>
    public static string Read() => System.IO.File.Exists(File) ? System.IO.File.ReadAllText(File).Split(' ')[0] : "unknown";
}
