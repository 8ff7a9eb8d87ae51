using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;

namespace Channels.Packaging.Tests;

/// <summary>Packs everything, and runs the program of the README from the packages in an empty project.</summary>
public sealed class PackTests : IDisposable
{
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(5);

    private static string PackageCache => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private readonly string _folder = Directory.CreateTempSubdirectory("channels-pack-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Everything_packs_and_the_quick_start_runs_from_the_packages()
    {
        var packages = Path.Combine(_folder, "packages");
        var version = $"0.1.0-test.{Environment.ProcessId}";
        foreach (var project in PublicSurfaceTests.Packages)
        {
            await DotnetAsync(RepositoryFiles.Root, "pack", Path.Combine("src", project.Data), "-c", "Release", "-o", packages, $"-p:Version={version}",
                $"-p:ArtifactsPath={Path.Combine(_folder, "artifacts")}");
            CheckPackage(Path.Combine(packages, $"{project.Data}.{version}.nupkg"), project.Data);
            Assert.True(File.Exists(Path.Combine(packages, $"{project.Data}.{version}.snupkg")));
        }

        var answer = await RunQuickStartAsync(packages, version);

        Assert.StartsWith("{", answer, StringComparison.Ordinal);
    }

    private static void CheckPackage(string file, string package)
    {
        using var archive = ZipFile.OpenRead(file);
        var entries = archive.Entries.Select(entry => entry.FullName).ToList();
        Assert.Contains("README.md", entries);
        Assert.Contains($"lib/net10.0/{package}.xml", entries);
        using var specification = new StreamReader(archive.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open());
        Assert.Contains("<license type=\"expression\">MIT</license>", specification.ReadToEnd(), StringComparison.Ordinal);
    }

    private async Task<string> RunQuickStartAsync(string packages, string version)
    {
        var app = Directory.CreateDirectory(Path.Combine(_folder, "app")).FullName;
        await File.WriteAllTextAsync(Path.Combine(app, "app.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <RestoreAdditionalProjectSources>{packages}</RestoreAdditionalProjectSources>
                <RestorePackagesPath>{Path.Combine(_folder, "cache")}</RestorePackagesPath>
                <RestoreFallbackFolders>{PackageCache}</RestoreFallbackFolders>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Channels.AspNetCore" Version="{version}" />
                <PackageReference Include="Channels.Storage.Sqlite" Version="{version}" />
              </ItemGroup>
            </Project>
            """);
        File.Copy(RepositoryFiles.PathOf("samples", "QuickStart", "Program.cs"), Path.Combine(app, "Program.cs"));
        await DotnetAsync(app, "build", "-c", "Release", "-o", Path.Combine(app, "out"));
        var address = $"http://127.0.0.1:{FreePort()}";
        using var program = Start(app, Path.Combine(app, "out", "app.dll"), "--urls", address);
        try
        {
            using var client = new HttpClient { BaseAddress = new(address), Timeout = TimeSpan.FromSeconds(30) };
            return await AnswerAsync(client, program);
        }
        finally
        {
            program.Kill(entireProcessTree: true);
            await program.WaitForExitAsync();
        }
    }

    /// <summary>Asks until the program listens.</summary>
    private static async Task<string> AnswerAsync(HttpClient client, Process program)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            try
            {
                return await client.GetStringAsync(new Uri("/v1.1/instances/default/channels/", UriKind.Relative), limit.Token);
            }
            catch (HttpRequestException refused) when (refused.StatusCode is not null)
            {
                // It answers; without a key the answer is a refusal in the wire's own form.
                return await (await client.GetAsync(new Uri("/v1.1/instances/default/channels/", UriKind.Relative), limit.Token)).Content.ReadAsStringAsync(limit.Token);
            }
            catch (HttpRequestException) when (!program.HasExited)
            {
                await Task.Yield();
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task DotnetAsync(string folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(BuildLimit);
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} failed:\n{await output}");
    }

    private static Process Start(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true };
        // What the test runner sets for itself must not reach the builds.
        start.Environment.Remove("MSBuildSDKsPath");
        start.Environment.Remove("MSBUILD_EXE_PATH");
        start.Environment.Remove("MSBuildExtensionsPath");
        start.Environment.Remove("CI");
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        return Process.Start(start)!;
    }
}
