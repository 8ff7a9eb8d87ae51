using System.Text.Json.Serialization;

namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>What happened to a news item.</summary>
public enum NewsEvent
{
    /// <summary>It was created; for those who may write or publish news.</summary>
    [JsonStringEnumMemberName("create")]
    Create,

    /// <summary>It was published; for everybody.</summary>
    [JsonStringEnumMemberName("publish")]
    Publish,

    /// <summary>It was deleted.</summary>
    [JsonStringEnumMemberName("delete")]
    Delete,

    /// <summary>The user read it.</summary>
    [JsonStringEnumMemberName("read")]
    Read,
}
