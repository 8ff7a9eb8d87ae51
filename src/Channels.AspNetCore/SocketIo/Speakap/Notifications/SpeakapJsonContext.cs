using System.Text.Json.Serialization;

namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>The notifications as clients read them: absent keys instead of nulls, words instead of numbers.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(TimelineNotification))]
[JsonSerializable(typeof(ReadersNotification))]
[JsonSerializable(typeof(ConfigNotification))]
[JsonSerializable(typeof(MembershipNotification))]
[JsonSerializable(typeof(AlertNotification))]
[JsonSerializable(typeof(PrivateMessageNotification))]
[JsonSerializable(typeof(NewsNotification))]
internal sealed partial class SpeakapJsonContext : JsonSerializerContext;
