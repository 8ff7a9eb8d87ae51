using System.Collections.Concurrent;

namespace Channels.AspNetCore.Pusher;

/// <summary>Counts the clients of each app, at most as many as the app permits.</summary>
internal sealed class PusherQuota
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <returns>Whether there was room for one more; it is given back with <see cref="Leave"/>.</returns>
    public bool TryEnter(PusherApp app)
    {
        var limit = app.Options.MaxConnections ?? int.MaxValue;
        while (true)
        {
            var count = _counts.GetOrAdd(app.Options.Id, 0);
            if (count >= limit)
            {
                return false;
            }

            if (_counts.TryUpdate(app.Options.Id, count + 1, count))
            {
                return true;
            }
        }
    }

    public void Leave(PusherApp app) => _counts.AddOrUpdate(app.Options.Id, 0, static (_, count) => count - 1);
}
