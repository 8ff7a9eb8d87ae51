using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Channels.AspNetCore.Tests.PushStream;

/// <summary>Counts the polls that wait in one server, by its own meters.</summary>
internal sealed class ParkedPolls : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly OwnMeters _meters = new();
    private long _value;

    public ParkedPolls()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "channels.polls.parked" && _meters.Owns(instrument.Meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, change, _, _) => Interlocked.Add(ref _value, change));
        _listener.Start();
    }

    public long Value => Interlocked.Read(ref _value);

    public void Attach(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<IMeterFactory>(_meters));

    public void Dispose() => _listener.Dispose();

    private sealed class OwnMeters : IMeterFactory
    {
        private readonly Lock _gate = new();
        private readonly List<Meter> _meters = [];

        public bool Owns(Meter meter)
        {
            lock (_gate)
            {
                return _meters.Contains(meter);
            }
        }

        public Meter Create(MeterOptions options)
        {
            var meter = new Meter(options);
            lock (_gate)
            {
                _meters.Add(meter);
            }

            return meter;
        }

        public void Dispose() => _meters.ForEach(meter => meter.Dispose());
    }
}
