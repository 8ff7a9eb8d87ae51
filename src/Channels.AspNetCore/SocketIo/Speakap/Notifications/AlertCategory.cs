using System.Text.Json.Serialization;

namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>What kind of alert it is.</summary>
public enum AlertCategory
{
    /// <summary>A notification.</summary>
    [JsonStringEnumMemberName("user")]
    User,

    /// <summary>A task of an administrator.</summary>
    [JsonStringEnumMemberName("admin")]
    Admin,
}
