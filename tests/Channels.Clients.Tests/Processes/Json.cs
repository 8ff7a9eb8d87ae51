using System.Text.Json;

namespace Channels.Clients.Tests.Processes;

/// <summary>Reads reports of scripts.</summary>
internal static class Json
{
    /// <summary>Follows a path such as <c>results.open.alice</c>.</summary>
    public static JsonElement At(this JsonElement json, string path) =>
        path.Split('.').Aggregate(json, (current, name) => int.TryParse(name, out var index) ? current[index] : current.GetProperty(name));

    public static string Text(this JsonElement json, string path) => json.At(path).GetString()!;

    public static IEnumerable<long> Ids(this JsonElement messages) => messages.EnumerateArray().Select(message => message.At("id").GetInt64());
}
