using System.Text.Json.Serialization;

namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>What happened to a membership.</summary>
public enum MembershipEvent
{
    /// <summary>It was created.</summary>
    [JsonStringEnumMemberName("create")]
    Create,

    /// <summary>It was deleted.</summary>
    [JsonStringEnumMemberName("delete")]
    Delete,

    /// <summary>Its role changed.</summary>
    [JsonStringEnumMemberName("role_change")]
    RoleChange,
}
