using System.Text.Json;

namespace Channels.AspNetCore.Tests.Bayeux;

/// <summary>What replies and events say.</summary>
internal static class Replies
{
    public static JsonElement Succeeded(JsonElement reply)
    {
        Assert.True(reply.GetProperty("successful").GetBoolean(), reply.ToString());
        Assert.False(reply.TryGetProperty("error", out _));
        return reply;
    }

    public static JsonElement Failed(JsonElement reply, string error)
    {
        Assert.False(reply.GetProperty("successful").GetBoolean(), reply.ToString());
        Assert.Equal(error, reply.GetProperty("error").GetString());
        return reply;
    }

    public static string Reconnect(JsonElement reply) => reply.GetProperty("advice").GetProperty("reconnect").GetString()!;

    /// <summary>The data of the events of an array, as text.</summary>
    public static string[] Data(IEnumerable<JsonElement> messages) =>
        [.. messages.Where(message => message.TryGetProperty("data", out _)).Select(message => message.GetProperty("data").GetRawText())];
}
