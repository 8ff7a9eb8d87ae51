using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Channels.Engine;

/// <summary>Readiness: unhealthy while the store fails or the host drains.</summary>
internal sealed class ChannelsHealthCheck(ChannelsMaintenance maintenance, EngineContext context) : IHealthCheck
{
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

        return context.AppendsFail ? HealthCheckResult.Unhealthy("The last append failed.")
            : context.WaitingBytes > context.Options.MaxAppendQueueBytes / 2 ? HealthCheckResult.Degraded("Messages wait to be stored.")
            : HealthCheckResult.Healthy();
    }
}
