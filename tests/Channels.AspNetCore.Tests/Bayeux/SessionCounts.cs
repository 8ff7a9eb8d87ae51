using System.Diagnostics.Metrics;

namespace Channels.AspNetCore.Tests.Bayeux;

/// <summary>How many sessions a server has, how many transports are attached to them and how many have ended, by its own measurements.</summary>
internal sealed class SessionCounts : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _active;
    private long _attached;
    private long _ended;

    public SessionCounts(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Name is "channels.sessions.active" or "channels.sessions.attached" or "channels.sessions.ended")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
            Interlocked.Add(ref CountOf(instrument.Name), value));
        _listener.Start();
    }

    /// <summary>Sessions of which anything is left.</summary>
    public long Active => Interlocked.Read(ref _active);

    public long Attached => Interlocked.Read(ref _attached);

    /// <summary>Sessions that have ended, though their last answers may still be under way.</summary>
    public long Ended => Interlocked.Read(ref _ended);

    public void Dispose() => _listener.Dispose();

    private ref long CountOf(string name)
    {
        switch (name)
        {
            case "channels.sessions.active":
                return ref _active;
            case "channels.sessions.attached":
                return ref _attached;
            default:
                return ref _ended;
        }
    }
}
