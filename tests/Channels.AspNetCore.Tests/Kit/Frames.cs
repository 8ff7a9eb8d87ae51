using System.Text;
using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.Tests.Kit;

internal static class Frames
{
    public static string Text(this Frame frame) => Encoding.UTF8.GetString(frame.Content.Span);

    /// <summary>A write that succeeds.</summary>
    public static ValueTask Collect(SessionBatch batch, List<string> target)
    {
        for (var i = 0; i < batch.Frames.Length; i++)
        {
            target.Add(batch.Frames.Span[i].Text());
        }

        return default;
    }

    public static ChannelMessage Message(long id, string payload) => new()
    {
        Id = id,
        Address = new("kit"),
        CreatedAt = DateTimeOffset.UnixEpoch,
        ExpiresAt = DateTimeOffset.MaxValue,
        Payload = Encoding.UTF8.GetBytes(payload),
    };

    public static Delivery Delivery(long id, string payload) => new(DeliveryKind.Message, "kit", Message(id, payload));
}
