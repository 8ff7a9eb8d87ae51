using System.Security.Cryptography;
using System.Text.Json;

namespace Channels.Clients.Tests.Processes;

/// <summary>The unmodified client libraries, installed once in their pinned versions.</summary>
public sealed class NodeModules
{
    private const string Remedy = "Install Node.js 20 or later with npm, for example with 'apt-get install nodejs npm'.";

    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ScriptLimit = TimeSpan.FromSeconds(60);

    private readonly Lazy<Task> _installation;

    public NodeModules() => _installation = new(InstallAsync);

    private static string LockFile => Path.Combine(Paths.NodeFolder, "package-lock.json");

    private static string Stamp => Path.Combine(Paths.NodeFolder, "node_modules", ".installed");

    /// <summary>Runs a script to its end.</summary>
    /// <param name="script">File name.</param>
    /// <param name="settings">What the script gets, as JSON.</param>
    /// <returns>What it reported.</returns>
    internal async Task<JsonElement> RunAsync(string script, object settings)
    {
        var node = Tools.Require("node", Remedy);
        await _installation.Value;
        var output = await ChildProcess.RunAsync(node, [script, JsonSerializer.Serialize(settings)], ScriptLimit, Paths.NodeFolder);
        return JsonSerializer.Deserialize<JsonElement>(output.Split('\n')[^1]);
    }

    /// <summary>Starts a script that reports as it goes.</summary>
    internal async Task<ChildProcess> StartAsync(string script, object settings)
    {
        var node = Tools.Require("node", Remedy);
        await _installation.Value;
        return ChildProcess.Start(node, [script, JsonSerializer.Serialize(settings)], Paths.NodeFolder);
    }

    private static async Task InstallAsync()
    {
        var wanted = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(LockFile)));
        if (File.Exists(Stamp) && await File.ReadAllTextAsync(Stamp) == wanted)
        {
            return;
        }

        await ChildProcess.RunAsync(Tools.Require("npm", Remedy), ["ci", "--no-audit", "--no-fund"], InstallLimit, Paths.NodeFolder);
        await File.WriteAllTextAsync(Stamp, wanted);
    }
}
