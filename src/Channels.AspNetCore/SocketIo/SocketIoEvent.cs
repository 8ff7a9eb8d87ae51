using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.SocketIo;

/// <summary>An event that a client sent.</summary>
public sealed class SocketIoEvent
{
    internal SocketIoEvent()
    {
    }

    /// <summary>Name of the event.</summary>
    public required string Name { get; init; }

    /// <summary>Namespace that the client sent it in, with its slash.</summary>
    public required string Namespace { get; init; }

    /// <summary>Its arguments, in their order. A binary value is an object <c>{"_placeholder":true,"num":0}</c> that names one of <see cref="Attachments"/>.</summary>
    public required IReadOnlyList<JsonElement> Arguments { get; init; }

    /// <summary>The binary values, by number.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> Attachments { get; init; }

    /// <summary>Whether the client waits for an answer.</summary>
    public required bool WantsAnswer { get; init; }

    /// <summary>Who the client is, as its host's own authentication says; anonymous without.</summary>
    public required ChannelCaller Caller { get; init; }

    /// <summary>Public id of the client's connection.</summary>
    public required string ConnectionId { get; init; }

    /// <summary>What the client said in the address when it connected; it may hold secrets.</summary>
    public required IQueryCollection Query { get; init; }

    /// <summary>Services of a scope of this event's own.</summary>
    public required IServiceProvider Services { get; init; }
}
