using System.Diagnostics;
using System.Globalization;
using Channels.LoadTest.Client;
using Channels.LoadTest.Roles;
using Channels.LoadTest.Wires;

namespace Channels.LoadTest;

/// <summary>One of the servers in a process of its own. It ends with this object, and by itself if this process dies.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private readonly Process _process;

    private ServerProcess(Wire wire, Process process, int port)
    {
        _process = process;
        Wire = wire;
        Port = port;
        Control = new(port);
    }

    public Wire Wire { get; }

    public int Port { get; }

    public ControlClient Control { get; }

    public static async Task<ServerProcess> StartAsync(Wire wire, bool perfMap, CancellationToken cancellationToken)
    {
        var process = Process.Start(StartInfo(wire.Role, perfMap))!;
        try
        {
            var line = await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Patience.Limit, cancellationToken);
            if (line?.StartsWith(RoleHost.Announcement, StringComparison.Ordinal) != true)
            {
                throw new InvalidOperationException($"The server '{wire.Role}' did not start: {line}");
            }

            return new(wire, process, int.Parse(line[RoleHost.Announcement.Length..], CultureInfo.InvariantCulture));
        }
        catch
        {
            await EndAsync(process);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Control.Dispose();
        await EndAsync(_process);
    }

    private static ProcessStartInfo StartInfo(string role, bool perfMap)
    {
        var executable = Environment.ProcessPath!;
        var start = new ProcessStartInfo(executable) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(executable) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ServerProcess).Assembly.Location);
        }

        start.ArgumentList.Add(RoleHost.Verb);
        start.ArgumentList.Add(role);
        LoopbackSocket.RemoveSettings(start.Environment);
        if (perfMap)
        {
            start.Environment["DOTNET_PerfMapEnabled"] = "1";

            // Otherwise perf sees compiled methods in a mapping that the map does not describe, or no names for precompiled ones.
            start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
            start.Environment["DOTNET_ReadyToRun"] = "0";
        }

        return start;
    }

    private static async Task EndAsync(Process process)
    {
        using (process)
        {
            try
            {
                process.StandardInput.Close();
                using var limit = new CancellationTokenSource(EndLimit);
                await process.WaitForExitAsync(limit.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException)
            {
                process.Kill();
                await process.WaitForExitAsync();
            }
        }
    }
}
