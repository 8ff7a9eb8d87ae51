using System.Reflection;

namespace Channels.Packaging.Tests;

public sealed class PublicSurfaceTests
{
    public static TheoryData<string> Packages =>
    [
        "Channels.Abstractions",
        "Channels.Engine",
        "Channels.Storage.Memory",
        "Channels.Storage.Sqlite",
        "Channels.AspNetCore",
        "Channels.AspNetCore.OpenApi",
        "Channels.Testing",
    ];

    /// <summary>A difference is an API change. Run the tests with CHANNELS_ACCEPT_SURFACE=1 to write the texts anew, and review them as such.</summary>
    [Theory]
    [MemberData(nameof(Packages))]
    public void The_public_surface_is_what_is_written_down(string package)
    {
        var file = RepositoryFiles.PathOf("tests", "Channels.Packaging.Tests", "PublicSurface", $"{package}.txt");
        var surface = SurfaceText.Of(Assembly.Load(package));
        if (Environment.GetEnvironmentVariable("CHANNELS_ACCEPT_SURFACE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, surface);
        }

        Assert.Equal(File.Exists(file) ? File.ReadAllText(file) : "", surface);
    }
}
