using System.Text.Json.Serialization;

namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>What happened to an alert.</summary>
public enum AlertEvent
{
    /// <summary>It was received.</summary>
    [JsonStringEnumMemberName("create")]
    Create,

    /// <summary>It was revoked.</summary>
    [JsonStringEnumMemberName("delete")]
    Delete,

    /// <summary>It was read.</summary>
    [JsonStringEnumMemberName("read")]
    Read,
}
