using System.Diagnostics.Metrics;

namespace Channels.AspNetCore.Tests.Kit;

/// <summary>Makes meters and adds up what one instrument of them measures.</summary>
internal sealed class InstrumentSum : IMeterFactory
{
    private readonly MeterListener _listener = new();
    private long _sum;

    /// <param name="name">Name of the instrument.</param>
    /// <param name="meters">Whose meters count; otherwise those that this makes.</param>
    /// <param name="reason">Only measurements with this reason; <see langword="null"/> for all.</param>
    public InstrumentSum(string name, IMeterFactory? meters = null, string? reason = null)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters ?? this) && instrument.Name == name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
            Interlocked.Add(ref _sum, reason is null || tags.Contains(new("reason", reason)) ? value : 0));
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
