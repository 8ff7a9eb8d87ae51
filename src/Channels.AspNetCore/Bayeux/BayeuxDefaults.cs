namespace Channels.AspNetCore.Bayeux;

/// <summary>Fixed words of the Bayeux front end.</summary>
public static class BayeuxDefaults
{
    /// <summary>Name under which templates and callers know the front end, such as in <c>OnlyThrough</c>.</summary>
    public const string FrontEnd = "bayeux";

    /// <summary>
    /// Name of the limit in <c>ChannelsOptions.Limits</c> that every handshake counts against, sensibly by <see cref="LimitScope.Remote"/>; without it
    /// there is none: hundreds of sessions of one address are normal behind a shared router.
    /// </summary>
    /// <remarks>Source: docs/protocols/bayeux.md#handshake</remarks>
    public const string HandshakeLimit = "bayeux.handshakes";
}
