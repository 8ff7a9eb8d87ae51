using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Channels.Engine;

/// <summary>Readiness: unhealthy while the store fails or the host drains.</summary>
internal sealed class ChannelsHealthCheck(ChannelsMaintenance maintenance, EngineContext context) : IHealthCheck
{
    private static readonly TimeSpan RecentFailure = TimeSpan.FromSeconds(30);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext healthContext, CancellationToken cancellationToken)
    {
        if (maintenance.IsDraining)
        {
            return HealthCheckResult.Unhealthy("The host is shutting down.");
        }

        try
        {
            await maintenance.OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelStoreException exception)
        {
            return HealthCheckResult.Unhealthy("The store cannot be opened.", exception);
        }

        // Not for ever: a host that gets no requests while it is unhealthy could not show that the store works again.
        return context.AppendFailedAt is var failedAt and not long.MinValue
                ? context.Time.GetElapsedTime(failedAt) < RecentFailure ? HealthCheckResult.Unhealthy("The last append failed.")
                : HealthCheckResult.Degraded("The last append failed, some time ago.")
            : context.WaitingBytes > context.Options.MaxAppendQueueBytes / 2 ? HealthCheckResult.Degraded("Messages wait to be stored.")
            : HealthCheckResult.Healthy();
    }
}
