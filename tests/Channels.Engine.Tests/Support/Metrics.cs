using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Support;

/// <summary>Adds up what one host reports.</summary>
internal sealed class Metrics : IMeterFactory
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentBag<Meter> _meters = [];
    private readonly ConcurrentDictionary<string, double> _sums = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, double> _lowest = new(StringComparer.Ordinal);

    public Metrics()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (_meters.Contains(instrument.Meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Sum of an instrument's measurements, all or those with one value of a tag; a histogram's sum of values.</summary>
    public double this[string instrument, string? tag = null] => _sums.GetValueOrDefault(tag is null ? instrument : $"{instrument}/{tag}");

    public double LimitReached(string limit) => this["channels.limits.reached", limit];

    /// <summary>The lowest that an up-down counter has been.</summary>
    public double Lowest(string instrument) => _lowest.GetValueOrDefault(instrument);

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _listener.Dispose();

    public void AddTo(IChannelsBuilder channels) => channels.Services.AddSingleton<IMeterFactory>(this);

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var sum = _sums.AddOrUpdate(instrument.Name, value, (_, before) => before + value);
        _lowest.AddOrUpdate(instrument.Name, Math.Min(0, sum), (_, before) => Math.Min(before, sum));
        _sums.AddOrUpdate($"{instrument.Name}.count", 1, (_, before) => before + 1);
        foreach (var (_, tag) in tags)
        {
            _sums.AddOrUpdate($"{instrument.Name}/{tag}", value, (_, before) => before + value);
        }
    }
}
