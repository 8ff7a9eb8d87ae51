namespace Channels;

/// <summary>Names of the limits that the engine itself asks for. Front ends have names of their own, with their name and a dot in front.</summary>
public static class ChannelLimits
{
    /// <summary>Publishing a message; by anybody but the host.</summary>
    public const string Publish = "publish";

    /// <summary>Subscribing to an address or a pattern; by anybody but the host.</summary>
    public const string Subscribe = "subscribe";
}
