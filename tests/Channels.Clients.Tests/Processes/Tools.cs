namespace Channels.Clients.Tests.Processes;

/// <summary>Programs that the tests need and do not bring along.</summary>
internal static class Tools
{
    private static bool IsContinuousIntegration =>
        string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Finds a program; without it the test is skipped, or fails in continuous integration.</summary>
    /// <param name="name">Name of the program.</param>
    /// <param name="remedy">How to install it.</param>
    public static string Require(string name, string remedy)
    {
        if (Find(name) is { } path)
        {
            return path;
        }

        var message = $"NOT TESTED: '{name}' is not installed. {remedy}";
        Assert.SkipUnless(IsContinuousIntegration, message);
        Assert.Fail(message);
        return name;
    }

    private static string? Find(string name)
    {
        string[] names = OperatingSystem.IsWindows() ? [$"{name}.exe", $"{name}.cmd"] : [name];
        var folders = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [];
        return folders.SelectMany(folder => names.Select(file => Path.Combine(folder, file))).FirstOrDefault(File.Exists);
    }
}
