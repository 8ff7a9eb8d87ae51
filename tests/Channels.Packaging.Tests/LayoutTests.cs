using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Channels.Packaging.Tests;

public sealed partial class LayoutTests
{
    private const int MaxFileLines = 400;

    public static TheoryData<string, string[]> References => new()
    {
        { "Channels.Abstractions", [] },
        { "Channels.Engine", ["Channels.Abstractions", "Channels.Storage.Memory"] },
        { "Channels.Storage.Memory", ["Channels.Abstractions"] },
        { "Channels.Storage.Sqlite", ["Channels.Abstractions"] },
        { "Channels.AspNetCore", ["Channels.Abstractions", "Channels.Engine"] },
        { "Channels.AspNetCore.OpenApi", [] },
        { "Channels.Testing", ["Channels.Engine", "Channels.Storage.Memory"] },
    };

    [Theory]
    [MemberData(nameof(References))]
    public void References_point_one_way(string project, string[] allowed)
    {
        var document = XDocument.Load(RepositoryFiles.PathOf("src", project, $"{project}.csproj"));
        var references = document.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

        Assert.Subset(allowed.ToHashSet(), references.ToHashSet());
        Assert.DoesNotContain("InternalsVisibleTo", document.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Abstractions_depend_on_one_package_alone()
    {
        var document = XDocument.Load(RepositoryFiles.PathOf("src", "Channels.Abstractions", "Channels.Abstractions.csproj"));

        Assert.Equal(
            ["Microsoft.Extensions.DependencyInjection.Abstractions"],
            document.Descendants("PackageReference").Select(reference => reference.Attribute("Include")!.Value));
    }

    [Fact]
    public void One_wire_folder_never_uses_another()
    {
        string[] wires = ["Syncano", "Native", "Pusher", "Bayeux", "SocketIo", "PushStream"];
        var crossing = from wire in wires
                       where Directory.Exists(RepositoryFiles.PathOf("src", "Channels.AspNetCore", wire))
                       from file in RepositoryFiles.Under(Path.Combine("src", "Channels.AspNetCore", wire), "*.cs")
                       from other in wires
                       where other != wire && File.ReadAllText(file).Contains($"using Channels.AspNetCore.{other};", StringComparison.Ordinal)
                       select $"{file} uses {other}";

        Assert.Empty(crossing);
    }

    [Fact]
    public void The_shared_kit_knows_no_wire()
    {
        string[] kit = ["Http", "Connections"];
        var crossing = from folder in kit
                       from file in RepositoryFiles.Under(Path.Combine("src", "Channels.AspNetCore", folder), "*.cs")
                       where WireUsing().IsMatch(File.ReadAllText(file))
                       select file;

        Assert.Empty(crossing);
    }

    [Fact]
    public void Source_files_stay_readable_in_one_sitting() =>
        Assert.DoesNotContain(RepositoryFiles.Under("src", "*.cs"), file => File.ReadLines(file).Count() > MaxFileLines);

    [Fact]
    public void Nothing_is_left_undone_and_no_clock_is_read_past_the_provider()
    {
        var found = from file in RepositoryFiles.Under("src", "*.cs")
                    from line in File.ReadLines(file)
                    where Unwanted().IsMatch(line)
                    select $"{file}: {line.Trim()}";

        Assert.Empty(found);
    }

    [Fact]
    public void Lock_files_carry_no_addresses()
    {
        var found = from folder in new[] { "src", "tests", "samples", "benchmarks" }
                    from file in RepositoryFiles.Under(folder, "package*lock.json")
                    where File.ReadAllText(file).Contains("http", StringComparison.Ordinal) && ResolvedAddress().IsMatch(File.ReadAllText(file))
                    select file;

        Assert.Empty(found);
        Assert.Empty(Directory.EnumerateFiles(RepositoryFiles.Root, "nuget.config", new EnumerationOptions { MatchCasing = MatchCasing.CaseInsensitive }));
    }

    [GeneratedRegex(@"using Channels\.AspNetCore\.(Syncano|Native|Pusher|Bayeux|SocketIo|PushStream);")]
    private static partial Regex WireUsing();

    [GeneratedRegex(@"NotImplementedException|NotSupportedException\(\)|TODO|FIXME|DateTime\.(Utc)?Now|DateTimeOffset\.(Utc)?Now|Thread\.Sleep|GetAwaiter\(\)\.GetResult|async void")]
    private static partial Regex Unwanted();

    [GeneratedRegex("\"resolved\"\\s*:\\s*\"http")]
    private static partial Regex ResolvedAddress();
}
