using System.Collections.Frozen;
using Channels.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.Pusher;

/// <summary>The apps as they are configured now.</summary>
internal sealed class PusherApps : IDisposable
{
    private readonly IDisposable? _reload;
    private volatile Snapshot _current;

    public PusherApps(IOptionsMonitor<PusherOptions> options)
    {
        _current = new(options.CurrentValue);
        _reload = options.OnChange(changed => Replace(new(changed)));
    }

    /// <summary>Raised when apps have changed.</summary>
    public event Action? Changed;

    public IEnumerable<PusherApp> All => _current.ById.Values;

    public PusherApp? FindByKey(string? key) => key is not null && _current.ByKey.TryGetValue(key, out var app) ? app : null;

    public PusherApp? FindById(string? id) => id is not null && _current.ById.TryGetValue(id, out var app) ? app : null;

    /// <summary>Whether a client that was let in as an app's may stay.</summary>
    /// <param name="app">The app as it was then.</param>
    /// <returns>How it is closed, if the app is gone, or switched off, or no longer accepts what its clients may have been signed with.</returns>
    public WebSocketClosure? Check(PusherApp app)
    {
        if (FindByKey(app.Key) is not { } current)
        {
            return PusherErrors.UnknownKeyClosure(app.Key);
        }

        if (current.Options.Disabled)
        {
            return PusherErrors.AppDisabled;
        }

        return current.Continues(app) ? null : PusherErrors.ReconnectNow;
    }

    public void Dispose() => _reload?.Dispose();

    private void Replace(Snapshot snapshot)
    {
        _current = snapshot;
        Changed?.Invoke();
    }

    private sealed class Snapshot(PusherOptions options)
    {
        public FrozenDictionary<string, PusherApp> ById { get; } =
            options.Apps.ToFrozenDictionary(app => app.Id, app => new PusherApp(app), StringComparer.Ordinal);

        public FrozenDictionary<string, PusherApp> ByKey => field ??= ById.Values.ToFrozenDictionary(app => app.Key, StringComparer.Ordinal);
    }
}
