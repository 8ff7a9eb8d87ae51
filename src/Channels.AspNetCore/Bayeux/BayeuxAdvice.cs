namespace Channels.AspNetCore.Bayeux;

/// <summary>What a client is told to do next. Source: docs/protocols/bayeux.md#advice</summary>
/// <param name="Reconnect"><c>retry</c>, <c>handshake</c> or <c>none</c>.</param>
/// <param name="Interval">Pause before the next connect; not told when absent.</param>
/// <param name="Timeout">How long a connect is held; not told when absent.</param>
/// <param name="HasMultipleClients">Whether the browser has more sessions than it may hold polls for.</param>
internal sealed record BayeuxAdvice(string Reconnect, TimeSpan? Interval = null, TimeSpan? Timeout = null, bool HasMultipleClients = false)
{
    public static BayeuxAdvice None { get; } = new("none");

    public static BayeuxAdvice Handshake { get; } = new("handshake", TimeSpan.Zero);

    /// <summary>For a server that is about to go.</summary>
    public static BayeuxAdvice LaterHandshake { get; } = new("handshake", TimeSpan.FromSeconds(1));
}
