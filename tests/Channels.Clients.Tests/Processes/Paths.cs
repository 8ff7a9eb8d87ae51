using System.Reflection;

namespace Channels.Clients.Tests.Processes;

/// <summary>Where the build put the parts of the tests.</summary>
internal static class Paths
{
    public static string NodeFolder { get; } = Read(nameof(NodeFolder));

    public static string PageFolder { get; } = Read(nameof(PageFolder));

    public static string PlaygroundAssembly { get; } = Read(nameof(PlaygroundAssembly));

    /// <summary>A program that changes objects until it is killed.</summary>
    public static string KillTargetAssembly { get; } = Read(nameof(KillTargetAssembly));

    public static string ConformanceAssembly { get; } = Read(nameof(ConformanceAssembly));

    private static string Read(string name) =>
        Path.GetFullPath(typeof(Paths).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == name).Value!);
}
