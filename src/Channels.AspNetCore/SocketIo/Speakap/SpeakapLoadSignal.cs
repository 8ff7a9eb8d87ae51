using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>Tells clients when the engine has too much to do, and when it has no longer.</summary>
internal sealed partial class SpeakapLoadSignal(
    IChannelEvents events, IChannels channels, IOptions<SocketIoOptions> options, ILogger<SpeakapLoadSignal> logger) : IHostedService
{
    private IAsyncDisposable? _listening;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Speakap.SignalsLoad)
        {
            _listening = events.Subscribe(ChannelEventKinds.OverloadEntered | ChannelEventKinds.OverloadLeft, TellAsync);
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_listening is not null)
        {
            await _listening.DisposeAsync();
        }
    }

    private async ValueTask TellAsync(ChannelEvent occurred, CancellationToken cancellationToken)
    {
        var instance = channels.In(options.Value.Instance);
        try
        {
            await (occurred.Kind == ChannelEventKinds.OverloadEntered
                ? instance.PublishServersBusyAsync(cancellationToken)
                : instance.PublishServersNormalAsync(cancellationToken));
        }
        catch (ChannelPublishException exception)
        {
            // A server that has too much to do may not manage this either.
            Log.NotTold(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Clients could not be told about the load.", EventName = "LoadNotTold")]
        public static partial void NotTold(ILogger logger, Exception exception);
    }
}
