using System.Diagnostics;

namespace Channels.Engine;

/// <summary>The activity source; one span for each publish.</summary>
internal static class ChannelsTracing
{
    public static readonly ActivitySource Source = new(ChannelsDiagnostics.ActivitySourceName);
}
