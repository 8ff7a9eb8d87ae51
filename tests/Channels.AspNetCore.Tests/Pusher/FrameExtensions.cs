using System.Text.Json;

namespace Channels.AspNetCore.Tests.Pusher;

public static class FrameExtensions
{
    public static string? Event(this JsonElement frame) => frame.GetProperty("event").GetString();

    public static string? Channel(this JsonElement frame) => frame.GetProperty("channel").GetString();

    /// <summary>The data, read again where it is a string of JSON.</summary>
    public static JsonElement Data(this JsonElement frame)
    {
        var data = frame.GetProperty("data");
        return data.ValueKind == JsonValueKind.String ? JsonDocument.Parse(data.GetString()!).RootElement : data;
    }

    public static string? Text(this JsonElement frame) => frame.GetProperty("data").GetString();
}
