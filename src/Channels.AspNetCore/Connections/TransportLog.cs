using Microsoft.Extensions.Logging;

namespace Channels.AspNetCore.Connections;

/// <summary>What all transports log.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(11, LogLevel.Warning, "A store failed while a stream was served; its client has to resume.", EventName = "StreamStoreFailed")]
    public static partial void StoreFailed(ILogger logger, Exception exception);

    [LoggerMessage(12, LogLevel.Error, "A session failed unexpectedly.", EventName = "SessionFailed")]
    public static partial void SessionFailed(ILogger logger, Exception exception);
}
