using System.Diagnostics.Metrics;

namespace Channels.AspNetCore.Tests.Kit;

/// <summary>Makes meters and adds up what one instrument of them measures.</summary>
internal sealed class InstrumentSum : IMeterFactory
{
    private readonly MeterListener _listener = new();
    private long _sum;

    public InstrumentSum(string name)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == this && instrument.Name == name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _sum, value));
        _listener.Start();
    }

    public long Value => Interlocked.Read(ref _sum);

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        return new(options);
    }

    public void Dispose() => _listener.Dispose();
}
