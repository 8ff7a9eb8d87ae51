using System.Text;
using System.Text.Json;

namespace Channels.AspNetCore.Tests.Kit.Model;

/// <summary>A wire that says everything.</summary>
internal static class ModelWire
{
    public static ReadOnlyMemory<byte> Encode(in Delivery delivery)
    {
        var channel = delivery.Address.Channel;
        return Encoding.UTF8.GetBytes(delivery.Kind switch
        {
            DeliveryKind.Message => $$"""{"a":"{{channel}}","id":{{delivery.Message!.Id}},"p":{{delivery.Message.PayloadText()}}}""",
            DeliveryKind.Gap => $$"""{"a":"{{channel}}","from":{{delivery.Gap.Requested.Value}},"to":{{delivery.Gap.Oldest.Value}}}""",
            _ => throw new InvalidOperationException($"Nothing here should tell {delivery.Kind}."),
        });
    }

    public static (string Channel, ModelItem Item) Decode(byte[] frame)
    {
        var json = JsonDocument.Parse(frame).RootElement;
        var channel = json.GetProperty("a").GetString()!;
        return json.TryGetProperty("id", out var id)
            ? (channel, new(id.GetInt64(), json.GetProperty("p").GetRawText()))
            : (channel, new(0, "", new(new(json.GetProperty("from").GetInt64()), new(json.GetProperty("to").GetInt64()))));
    }
}
