namespace Channels.AspNetCore.Pusher.Api;

/// <summary>Reads lists of attributes such as <c>user_count,subscription_count</c>.</summary>
internal static class PusherInfoReader
{
    /// <summary>Names that are not known are ignored.</summary>
    public static PusherInfo Read(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return PusherInfo.None;
        }

        var info = PusherInfo.None;
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries))
        {
            info |= name switch
            {
                "user_count" => PusherInfo.UserCount,
                "subscription_count" => PusherInfo.SubscriptionCount,
                "cache" => PusherInfo.Cache,
                _ => PusherInfo.None,
            };
        }

        return info;
    }
}
