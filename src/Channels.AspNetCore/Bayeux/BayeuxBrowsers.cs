namespace Channels.AspNetCore.Bayeux;

/// <summary>Counts whose polls each browser holds, which has few connections. Source: docs/protocols/bayeux.md#browser-cookie</summary>
/// <param name="limit">Sessions of one browser that may hold polls; zero or less for any number.</param>
internal sealed class BayeuxBrowsers(int limit)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<BayeuxSession>> _holders = new(StringComparer.Ordinal);

    /// <returns>Whether the poll may be held; then <see cref="Leave"/> has to follow.</returns>
    public bool TryEnter(BayeuxSession session)
    {
        if (limit <= 0 || session.Browser is not { } browser)
        {
            return true;
        }

        lock (_gate)
        {
            if (!_holders.TryGetValue(browser, out var holders))
            {
                _holders.Add(browser, holders = new(1));
            }

            // A newer poll of one session is about to end its older one.
            if (holders.Where(other => other != session).Distinct().Count() >= limit)
            {
                return false;
            }

            holders.Add(session);
            return true;
        }
    }

    public void Leave(BayeuxSession session)
    {
        if (limit <= 0 || session.Browser is not { } browser)
        {
            return;
        }

        lock (_gate)
        {
            if (_holders.TryGetValue(browser, out var holders) && holders.Remove(session) && holders.Count == 0)
            {
                _holders.Remove(browser);
            }
        }
    }
}
