namespace Channels;

/// <summary>Decides whether somebody may do something now or did too much lately. The default one reads <c>ChannelsOptions.Limits</c>.</summary>
/// <remarks>Asked for each publish and subscription, concurrently: must answer at once.</remarks>
public interface IChannelLimiter
{
    /// <summary>Counts something against its limit.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="retryAfter">When trying again makes sense; only for a refusal.</param>
    /// <returns>Whether it may be done; also when there is no such limit.</returns>
    bool TryAcquire(in LimitRequest request, out TimeSpan retryAfter);
}
