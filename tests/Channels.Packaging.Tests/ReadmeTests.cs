using System.Text.RegularExpressions;

namespace Channels.Packaging.Tests;

public sealed partial class ReadmeTests
{
    [Fact]
    public void The_quick_start_of_the_README_is_the_sample_that_is_compiled_and_run()
    {
        var readme = File.ReadAllText(RepositoryFiles.PathOf("README.md"));
        var sample = File.ReadAllText(RepositoryFiles.PathOf("samples", "QuickStart", "Program.cs"));

        Assert.Equal(sample.Trim(), QuickStart().Match(readme).Groups[1].Value.Trim());
        Assert.True(sample.Split('\n').Length < 30, "The quick start must stay under 30 lines.");
    }

    [Fact]
    public void Every_document_that_the_README_names_exists()
    {
        var readme = File.ReadAllText(RepositoryFiles.PathOf("README.md"));
        var missing = Documents().Matches(readme).Select(match => match.Value).Distinct().Where(path => !Path.Exists(RepositoryFiles.PathOf(path)));

        Assert.Empty(missing);
    }

    [GeneratedRegex("<!-- samples/QuickStart/Program.cs -->\\s*```csharp\\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex QuickStart();

    [GeneratedRegex(@"(docs|samples|benchmarks)/[A-Za-z0-9./-]*[A-Za-z0-9/]|SECURITY\.md")]
    private static partial Regex Documents();
}
