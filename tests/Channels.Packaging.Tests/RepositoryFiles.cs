using System.Runtime.CompilerServices;

namespace Channels.Packaging.Tests;

/// <summary>Where the sources of this repository are.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    public static IEnumerable<string> Under(string folder, string pattern) =>
        Directory.EnumerateFiles(PathOf(folder), pattern, SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !file.Contains($"{Path.DirectorySeparatorChar}node_modules{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string FindRoot([CallerFilePath] string thisFile = "")
    {
        var folder = Path.GetDirectoryName(thisFile);
        if (!Directory.Exists(folder))
        {
            // A deterministic build hides the path of the sources.
            folder = AppContext.BaseDirectory;
        }

        while (folder is not null && !File.Exists(Path.Combine(folder, "Channels.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests must run below the repository.");
    }
}
