namespace Channels.AspNetCore.PushStream.Dashly;

/// <summary>Settings of the Dashly layer. They are read again when the configuration is reloaded.</summary>
public sealed class DashlyOptions
{
    /// <summary>Applications, and whose tokens are good for them. Default: none.</summary>
    public IList<DashlyAppOptions> Apps { get; init; } = [];

    /// <summary>
    /// Decides instead of <see cref="Apps"/> whether a caller may read a channel; its values are <c>app</c> and <c>user</c>, digits, where the
    /// channel has them. Default: none.
    /// </summary>
    public Func<ChannelRuleContext, bool>? Allow { get; set; }

    /// <summary>How often <c>ping</c> gets a message while somebody listens. Default 20 seconds; 1 second to 1 hour.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(20);
}
