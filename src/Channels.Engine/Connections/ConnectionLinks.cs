namespace Channels.Engine;

/// <summary>Neighbours of a connection in a chain.</summary>
internal record struct ConnectionLinks(ChannelConnection? Previous, ChannelConnection? Next);
