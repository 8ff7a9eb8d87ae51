using System.Diagnostics.Metrics;

namespace Channels.AspNetCore.Connections;

/// <summary>Instruments of all WebSockets.</summary>
internal sealed class WebSocketMetrics
{
    private readonly Counter<long> _writePaths;

    public WebSocketMetrics(IMeterFactory? meters = null)
    {
        var options = new MeterOptions(ChannelsDiagnostics.MeterName);
        var meter = meters is null ? new Meter(options) : meters.Create(options);
        _writePaths = meter.CreateCounter<long>(
            "channels.websockets.write_path", "{socket}", "WebSockets by how they are written, where writing to sockets directly is permitted.");
    }

    public void Chosen(WritePath path) => _writePaths.Add(1, new KeyValuePair<string, object?>("path", path.ToString()));
}
