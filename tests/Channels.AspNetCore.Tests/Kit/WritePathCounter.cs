using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.Tests.Kit;

/// <summary>Counts by what way the WebSockets of one server were written.</summary>
internal sealed class WritePathCounter : IMeterFactory
{
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public WritePathCounter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == this && instrument.Name == "channels.websockets.write_path")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) => _counts.AddOrUpdate((string)tags[0].Value!, count, (_, known) => known + count));
        _listener.Start();
    }

    public long this[WritePath path] => _counts.GetValueOrDefault($"{path}");

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        return new(options);
    }

    public void Dispose() => _listener.Dispose();
}
