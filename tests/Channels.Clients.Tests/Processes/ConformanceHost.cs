namespace Channels.Clients.Tests.Processes;

/// <summary>The host of the public suites as a process of its own, with a heartbeat each second that a busy machine manages too.</summary>
internal sealed class ConformanceHost : IAsyncDisposable
{
    private const string Greeting = "Conformance host listens on ";

    private readonly ChildProcess _process;

    private ConformanceHost(ChildProcess process, string address)
    {
        _process = process;
        Address = address;
    }

    public string Address { get; }

    public static async Task<ConformanceHost> StartAsync()
    {
        var process = ChildProcess.Start("dotnet", [Paths.ConformanceAssembly, "0", "1000", "5000"]);
        try
        {
            var line = await process.ReadLineAsync(line => line.StartsWith(Greeting, StringComparison.Ordinal), TimeSpan.FromSeconds(30));
            return new(process, line[Greeting.Length..]);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
