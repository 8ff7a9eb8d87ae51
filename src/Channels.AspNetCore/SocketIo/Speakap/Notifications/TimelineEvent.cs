using System.Text.Json.Serialization;

namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>What happened to a message of a timeline.</summary>
public enum TimelineEvent
{
    /// <summary>It moved back to the top, because a comment arrived.</summary>
    [JsonStringEnumMemberName("bubble")]
    Bubble,

    /// <summary>It was posted.</summary>
    [JsonStringEnumMemberName("create")]
    Create,

    /// <summary>It was deleted.</summary>
    [JsonStringEnumMemberName("delete")]
    Delete,

    /// <summary>Somebody likes it; only on network timelines.</summary>
    [JsonStringEnumMemberName("like")]
    Like,

    /// <summary>Somebody likes it no longer; only on network timelines.</summary>
    [JsonStringEnumMemberName("unlike")]
    Unlike,
}
