namespace Channels.Engine;

/// <summary>The limits of the options; a reload begins to count anew.</summary>
internal sealed class ChannelLimiter(EngineSettings settings, TimeProvider time, ChannelsMetrics metrics) : IChannelLimiter
{
    private readonly Lock _gate = new();
    private volatile Policies? _policies;

    public bool TryAcquire(in LimitRequest request, out TimeSpan retryAfter)
    {
        var options = settings.Current;
        var policies = _policies;
        if (policies is null || policies.Options != options)
        {
            policies = Read(options);
        }

        retryAfter = default;
        return policies.ByName.Count == 0
            || !policies.ByName.TryGetValue(request.Policy, out var policy)
            || policy.TryAcquire(request, out retryAfter);
    }

    private Policies Read(ChannelsOptions options)
    {
        lock (_gate)
        {
            if (_policies is not { } known || known.Options != options)
            {
                known = new(options, options.Limits.ToDictionary(
                    limit => limit.Key,
                    limit => new LimitPolicy(limit.Key, limit.Value, options.MaxLimitPartitions, time, metrics),
                    StringComparer.Ordinal));
                _policies = known;
            }

            return known;
        }
    }

    private sealed record Policies(ChannelsOptions Options, Dictionary<string, LimitPolicy> ByName);
}
