namespace Channels.AspNetCore.Bayeux;

/// <summary>A connect that is to be answered through its session's queue.</summary>
/// <param name="Session">The session.</param>
/// <param name="Reply">The answer so far.</param>
/// <param name="Window">How long to hold it; zero to answer at once.</param>
internal sealed record BayeuxConnect(BayeuxSession Session, BayeuxReply Reply, TimeSpan Window);
