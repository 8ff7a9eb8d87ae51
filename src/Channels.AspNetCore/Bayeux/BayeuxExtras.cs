using System.Text.Json;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Bayeux;

/// <summary>What this wire keeps with a message: the mark of binary data. Nothing else of <c>ext</c> is forwarded, since clients put tokens there.</summary>
internal static class BayeuxExtras
{
    private static readonly byte[][] Names = ["bayeux.ext.binary"u8.ToArray()];

    public static MessageAttributes Of(BayeuxMessage message)
    {
        var binary = message.Ext.Binary();
        return new()
        {
            FromClient = true,
            WireExtras = binary.Exists && !binary.IsNull ? JsonBytes.Encode(binary, static (json, binary) =>
            {
                json.WriteStartObject();
                json.WritePropertyName(Names[0]);
                json.WriteRawValue(binary.Json.Span, skipInputValidation: true);
                json.WriteEndObject();
            }) : default(ReadOnlyMemory<byte>),
        };
    }

    public static ReadOnlyMemory<byte> Binary(MessageAttributes attributes)
    {
        if (attributes.WireExtras.IsEmpty)
        {
            return default;
        }

        var field = BodyFields.FromJson(attributes.WireExtras, Names).Find(Names[0]);
        return field.Kind is JsonTokenType.None ? default : field.Json;
    }
}
