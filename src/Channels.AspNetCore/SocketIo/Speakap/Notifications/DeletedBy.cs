using System.Text.Json.Serialization;

namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>Who deleted a message.</summary>
public enum DeletedBy
{
    /// <summary>Who wrote it.</summary>
    [JsonStringEnumMemberName("author")]
    Author,

    /// <summary>An administrator.</summary>
    [JsonStringEnumMemberName("admin")]
    Admin,
}
