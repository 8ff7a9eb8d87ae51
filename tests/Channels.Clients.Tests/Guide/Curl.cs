using System.Text.Json;
using Channels.Clients.Tests.Processes;

namespace Channels.Clients.Tests.Guide;

/// <summary>The real <c>curl</c>.</summary>
internal static class Curl
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Runs it with the arguments of the guide, and two more that print nothing but the answer and its status.</summary>
    public static async Task<(int Status, JsonElement Body)> RunAsync(params string[] arguments)
    {
        var curl = Tools.Require("curl", "Install it, for example with 'apt-get install curl'.");
        var output = await ChildProcess.RunAsync(curl, ["--silent", "--show-error", "--write-out", "\n%{http_code}", .. arguments], Limit);
        var lines = output.Split('\n');
        var body = string.Join('\n', lines[..^1]);
        return (int.Parse(lines[^1], System.Globalization.CultureInfo.InvariantCulture), body.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(body));
    }
}
