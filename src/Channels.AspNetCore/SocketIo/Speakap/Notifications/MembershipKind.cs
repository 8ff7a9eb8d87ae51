using System.Text.Json.Serialization;

namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>What somebody is a member of.</summary>
public enum MembershipKind
{
    /// <summary>A group.</summary>
    [JsonStringEnumMemberName("group")]
    Group,

    /// <summary>A network.</summary>
    [JsonStringEnumMemberName("network")]
    Network,
}
