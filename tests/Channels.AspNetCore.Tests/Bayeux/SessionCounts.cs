using System.Diagnostics.Metrics;

namespace Channels.AspNetCore.Tests.Bayeux;

/// <summary>How many sessions a server has and how many transports are attached to them, by its own measurements.</summary>
internal sealed class SessionCounts : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _active;
    private long _attached;

    public SessionCounts(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Name is "channels.sessions.active" or "channels.sessions.attached")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
            Interlocked.Add(ref instrument.Name == "channels.sessions.active" ? ref _active : ref _attached, value));
        _listener.Start();
    }

    public long Active => Interlocked.Read(ref _active);

    public long Attached => Interlocked.Read(ref _attached);

    public void Dispose() => _listener.Dispose();
}
