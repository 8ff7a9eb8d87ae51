using Channels.Clients.Tests.Processes;

namespace Channels.Clients.Tests.Page;

/// <summary>The Playground itself.</summary>
public sealed class PlaygroundTests
{
    [Theory]
    [InlineData("--urls", "http://0.0.0.0:0")]
    [InlineData("--http_ports", "0")]
    [InlineData("--Kestrel:Endpoints:Public:Url", "http://[::]:0")]
    [InlineData("--urls", "http://0.0.0.0:0", "--Playground:AllowRemote=true")]
    public async Task Refuses_to_take_demo_keys_beyond_this_machine(params string[] arguments)
    {
        await using var process = ChildProcess.Start("dotnet", [Paths.PlaygroundAssembly, "--storage", "memory", .. arguments]);

        Assert.NotEqual(0, await process.WaitForExitAsync());
        Assert.Contains(process.Output, line => line.Contains("with keys that everybody knows", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Takes_demo_keys_beyond_this_machine_when_told_twice()
    {
        await using var playground = await Playground.StartInMemoryAsync(
            "--urls", "http://0.0.0.0:0", "--Playground:AllowRemote=true", "--Playground:RemoteUnderstood=true");

        Assert.Equal("0.0.0.0", playground.Address.Host);
    }
}
