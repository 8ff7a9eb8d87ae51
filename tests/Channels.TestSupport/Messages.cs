using System.Text;

namespace Channels.TestSupport;

public static class Messages
{
    public static string PayloadText(this ChannelMessage message) => Encoding.UTF8.GetString(message.Payload.Span);
}
