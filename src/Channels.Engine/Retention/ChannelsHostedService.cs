using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Channels.Engine;

/// <summary>Ties the engine to a generic host: opens the store at start, sweeps on a timer, drains when the host begins to stop.</summary>
internal sealed partial class ChannelsHostedService(ChannelsMaintenance maintenance, EngineContext context)
    : BackgroundService, IHostedLifecycleService
{
    private readonly ILogger _logger = context.Loggers.CreateLogger<ChannelsHostedService>();

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (context.Messages is Storage.Memory.MemoryStore)
        {
            Log.MessagesAreInMemory(_logger);
        }

        await maintenance.OpenAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => maintenance.DrainAsync(cancellationToken);

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(context.Options.SweepInterval, context.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                await SweepAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async ValueTask SweepAsync(CancellationToken stoppingToken)
    {
        try
        {
            await maintenance.SweepAsync(stoppingToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // a background tick: whatever the store throws must not stop the host
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            context.Metrics.StoreFailed("sweep");
            Log.SweepFailed(_logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Messages are kept in memory and are lost when the process ends; choose a storage to keep them.", EventName = "MessagesAreInMemory")]
        public static partial void MessagesAreInMemory(ILogger logger);

        [LoggerMessage(2, LogLevel.Warning, "Removing expired messages failed; trying again at the next tick.", EventName = "SweepFailed")]
        public static partial void SweepFailed(ILogger logger, Exception exception);
    }
}
