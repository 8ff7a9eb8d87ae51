using System.Text.Json.Serialization;

namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>What happened to a private message or a conversation.</summary>
public enum PrivateMessageEvent
{
    /// <summary>It was received.</summary>
    [JsonStringEnumMemberName("create")]
    Create,

    /// <summary>It was deleted.</summary>
    [JsonStringEnumMemberName("delete")]
    Delete,

    /// <summary>The user left the conversation.</summary>
    [JsonStringEnumMemberName("leave")]
    Leave,

    /// <summary>It was read.</summary>
    [JsonStringEnumMemberName("read")]
    Read,
}
