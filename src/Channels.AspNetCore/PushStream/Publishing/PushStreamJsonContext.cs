using System.Text.Json.Serialization;

namespace Channels.AspNetCore.PushStream.Publishing;

/// <summary>What publishers and statistics serialize.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class PushStreamJsonContext : JsonSerializerContext;
