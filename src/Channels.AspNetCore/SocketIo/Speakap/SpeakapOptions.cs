namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>Settings of the commands and channels that Speakap clients know.</summary>
public sealed class SpeakapOptions
{
    private readonly Dictionary<SpeakapFamily, SpeakapAccessRule> _rules = [];

    /// <summary>
    /// Name of the event that carries every notification, whose object then begins with the key <c>channel</c>. Default
    /// <see langword="null"/>: the event has the name of its channel, and its argument is the notification as it was published.
    /// </summary>
    public string? EventName { get; set; }

    /// <summary>
    /// How often the access tokens of live subscriptions are checked again, with their permissions. Default <see langword="null"/>: only when
    /// subscribing, as the original, so that a subscription outlives its token (a key that the configuration withdraws ends it nevertheless);
    /// 1 second to 1 day.
    /// </summary>
    public TimeSpan? TokenCheckInterval { get; set; }

    /// <summary>
    /// Whether <c>servers_busy</c> and <c>servers_normal</c> are published by themselves as the engine's load signal says, which
    /// <c>ChannelsOptions.OverloadEnter</c> and <c>OverloadLeave</c> set. Default: no.
    /// </summary>
    public bool SignalsLoad { get; set; }

    /// <summary>Most channels of one connection. Default 1,000; 1 to 1,000,000. The engine's own limit of subscriptions counts too.</summary>
    public int MaxChannels { get; set; } = 1000;

    /// <summary>Largest argument of a command, in bytes. Default 65,536; 64 to 16,777,216.</summary>
    public int MaxCommandBytes { get; set; } = 64 * 1024;

    /// <summary>
    /// Replaces who may receive the channels of a family. Without a rule of the application's, every user may receive
    /// <see cref="SpeakapFamily.Config"/>, a user whose id is the first EID may receive <see cref="SpeakapFamily.MyMemberships"/>,
    /// <see cref="SpeakapFamily.Alerts"/>, <see cref="SpeakapFamily.Messages"/> and <see cref="SpeakapFamily.News"/>, and nobody the others.
    /// </summary>
    /// <param name="family">The family.</param>
    /// <param name="rule">The decision.</param>
    public SpeakapOptions Allow(SpeakapFamily family, SpeakapAccessRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (!Enum.IsDefined(family))
        {
            throw new ArgumentOutOfRangeException(nameof(family));
        }

        _rules[family] = rule;
        return this;
    }

    /// <summary>Replaces who may receive the channels of a family by a decision that needs no waiting.</summary>
    /// <param name="family">The family.</param>
    /// <param name="rule">The decision.</param>
    public SpeakapOptions Allow(SpeakapFamily family, Func<SpeakapAccessRequest, bool> rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return Allow(family, (request, _) => new(rule(request)));
    }

    internal ValueTask<bool> IsAllowedAsync(SpeakapAccessRequest request, CancellationToken cancellationToken) =>
        _rules.TryGetValue(request.Family, out var rule) ? rule(request, cancellationToken) : new(IsAllowedByDefault(request));

    private static bool IsAllowedByDefault(SpeakapAccessRequest request) => request.Family switch
    {
        SpeakapFamily.Config => request.Caller.UserId is not null,
        SpeakapFamily.MyMemberships or SpeakapFamily.Alerts or SpeakapFamily.Messages or SpeakapFamily.News => request.Caller.UserId == request.Ids[0],
        _ => false,
    };
}
