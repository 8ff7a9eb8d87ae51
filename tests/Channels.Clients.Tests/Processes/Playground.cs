using System.Net;
using System.Net.Sockets;

namespace Channels.Clients.Tests.Processes;

/// <summary>The Playground as a process of its own. Any error in its log fails the test when it ends.</summary>
internal sealed class Playground : IAsyncDisposable
{
    public const string Instance = "demo-instance";

    private const string Greeting = "Channels Playground listens on ";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly ChildProcess _process;

    private Playground(ChildProcess process, Uri address)
    {
        _process = process;
        Address = address;
        Http = new() { BaseAddress = new(address, $"/v1.1/instances/{Instance}/"), Timeout = TimeSpan.FromSeconds(30) };
    }

    public Uri Address { get; }

    /// <summary>Calls paths of the instance.</summary>
    public HttpClient Http { get; }

    /// <param name="storage">Where messages are kept, such as the arguments <c>--database</c> and a path.</param>
    /// <param name="port">Port; 0 for any.</param>
    /// <param name="settings">Further arguments.</param>
    public static async Task<Playground> StartAsync(string[] storage, int port = 0, params string[] settings)
    {
        string[] arguments = [Paths.PlaygroundAssembly, "--urls", $"http://127.0.0.1:{port}", "--Channels:DrainTime=00:00:00", .. storage, .. settings];
        var process = ChildProcess.Start("dotnet", arguments);
        try
        {
            var line = await process.ReadLineAsync(line => line.StartsWith(Greeting, StringComparison.Ordinal), StartLimit);
            return new(process, new(line[Greeting.Length..]));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public static Task<Playground> StartInMemoryAsync(params string[] settings) => StartAsync(["--storage", "memory"], 0, settings);

    public static Task<Playground> StartOnAsync(string database, int port = 0, params string[] settings) =>
        StartAsync(["--database", database], port, settings);

    /// <summary>Finds a port that stays ours over a restart: below those that outgoing connections take.</summary>
    public static int FindPort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 30_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; try another.
            }
        }
    }

    /// <summary>Ends it as an operating system does, and expects a clean end.</summary>
    public async Task StopAsync()
    {
        var code = await _process.StopAsync();
        Assert.True(code == 0 || OperatingSystem.IsWindows(), $"The Playground ended with {code}:\n{string.Join('\n', _process.Output)}");
    }

    public Task KillAsync() => _process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
        {
            await StopAsync();
        }

        await _process.DisposeAsync();
        var errors = _process.Output.Where(IsError).ToList();
        Assert.True(errors.Count == 0, string.Join('\n', _process.Output));
    }

    private static bool IsError(string line) =>
        line.StartsWith("fail: ", StringComparison.Ordinal)
        || line.StartsWith("crit: ", StringComparison.Ordinal)
        || line.StartsWith("Unhandled exception", StringComparison.Ordinal);
}
