namespace Channels;

/// <summary>Something that somebody wants to do.</summary>
/// <param name="Policy">Name of the limit that it counts against; <see cref="ChannelLimits"/> has those of the engine.</param>
/// <param name="Caller">Who wants it.</param>
/// <param name="Instance">Instance that it is for.</param>
/// <param name="Address">Address that it is for, if any.</param>
/// <param name="ConnectionId">Public id of the connection that it came over, if any.</param>
/// <param name="Remote">Network address of the client, where the front end knows it.</param>
/// <param name="Permits">How much it counts, at least 1.</param>
public readonly record struct LimitRequest(
    string Policy,
    ChannelCaller Caller,
    string Instance,
    ChannelAddress? Address = null,
    string? ConnectionId = null,
    string? Remote = null,
    int Permits = 1);
