using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Channels.TestSupport;

namespace Channels.Clients.Tests.Processes;

/// <summary>A process of ours: its lines as they come, and a bounded end.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int Terminate = 15;

    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _output = [];
    private readonly Lock _lock = new();
    private int _openStreams = 2;

    private ChildProcess(Process process) => _process = process;

    /// <summary>Everything printed so far.</summary>
    public IReadOnlyList<string> Output
    {
        get
        {
            lock (_lock)
            {
                return [.. _output];
            }
        }
    }

    public bool HasExited => _process.HasExited;

    public static ChildProcess Start(string program, IEnumerable<string> arguments, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        var child = new ChildProcess(new Process { StartInfo = start });
        child._process.OutputDataReceived += (_, line) => child.Note(line.Data, isOutput: true);
        child._process.ErrorDataReceived += (_, line) => child.Note(line.Data, isOutput: false);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it printed, standard output alone.</returns>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, TimeSpan limit, string? folder = null)
    {
        await using var child = Start(program, arguments, folder);
        var output = new List<string>();
        await Task.Run(async () =>
        {
            await foreach (var line in child._lines.Reader.ReadAllAsync())
            {
                output.Add(line);
            }
        }).Within(limit);
        var code = await child.WaitForExitAsync();
        Assert.True(code == 0, $"{Path.GetFileName(program)} ended with {code}:\n{string.Join('\n', child.Output)}");
        return string.Join('\n', output);
    }

    /// <summary>Reads standard output up to a line.</summary>
    public async Task<string> ReadLineAsync(Func<string, bool> isExpected, TimeSpan? limit = null)
    {
        try
        {
            return await ReadUntilAsync(isExpected).Within(limit);
        }
        catch (Exception exception) when (exception is TimeoutException or ChannelClosedException)
        {
            throw new InvalidOperationException($"The expected line did not come:\n{string.Join('\n', Output)}", exception);
        }
    }

    /// <summary>Asks the process to end, as an operating system does at shutdown.</summary>
    public async Task<int> StopAsync()
    {
        if (OperatingSystem.IsWindows())
        {
            _process.Kill();
        }
        else if (!_process.HasExited)
        {
            _ = SendSignal(_process.Id, Terminate);
        }

        return await WaitForExitAsync();
    }

    /// <summary>Ends the process without giving it a chance to do anything more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await WaitForExitAsync();
        }

        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);

    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().Within(ExitLimit);
        return _process.ExitCode;
    }

    private async Task<string> ReadUntilAsync(Func<string, bool> isExpected)
    {
        while (true)
        {
            var line = await _lines.Reader.ReadAsync();
            if (isExpected(line))
            {
                return line;
            }
        }
    }

    private void Note(string? line, bool isOutput)
    {
        if (line is null)
        {
            if (Interlocked.Decrement(ref _openStreams) == 0)
            {
                _lines.Writer.TryComplete();
            }

            return;
        }

        lock (_lock)
        {
            _output.Add(line);
        }

        if (isOutput)
        {
            _lines.Writer.TryWrite(line);
        }
    }
}
