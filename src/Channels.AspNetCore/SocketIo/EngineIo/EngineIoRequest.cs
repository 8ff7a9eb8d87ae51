using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Channels.AspNetCore.SocketIo.EngineIo;

/// <summary>What the address of a request says. Source: docs/protocols/socketio.md#address</summary>
/// <param name="http">The request.</param>
internal sealed class EngineIoRequest(HttpContext http)
{
    /// <summary>More digits than any client's index has.</summary>
    private const int MaxIndexDigits = 9;

    public HttpContext Http => http;

    public IQueryCollection Query => http.Request.Query;

    /// <summary>Id of the session; <see langword="null"/> to open one.</summary>
    public string? SessionId { get; } = http.Request.Query.Last("sid");

    public EngineIoTransport? Transport { get; } = http.Request.Query.Last("transport") switch
    {
        "polling" => EngineIoTransport.Polling,
        "websocket" => EngineIoTransport.WebSocket,
        _ => null,
    };

    /// <summary>Early browser clients of revision 3 call it 2.</summary>
    public EngineIoRevision? Revision { get; } = http.Request.Query.Last("EIO") switch
    {
        "4" => EngineIoRevision.V4,
        "2" or "3" => EngineIoRevision.V3,
        _ => null,
    };

    /// <summary>Whether the client takes no binary.</summary>
    public bool TakesBase64 { get; } = http.Request.Query.Last("b64") is not null;

    public bool IsUpgrade => http.WebSockets.IsWebSocketRequest;

    /// <summary>Whether answers are scripts.</summary>
    public bool IsJsonp => Query.ContainsKey("j");

    /// <summary>Name of the function that a script's answer calls.</summary>
    public string JsonpCallback =>
        $"___eio[{(new string([.. (Query.Last("j") ?? "").Where(char.IsAsciiDigit).Take(MaxIndexDigits)]) is { Length: > 0 } index ? index : "0")}]";

    /// <summary>Whether the origin can be given back in a header.</summary>
    public bool HasValidOrigin => CanBeHeader(http.Request.Headers.Origin);

    /// <summary>Whether what came in a header can go out in one.</summary>
    public static bool CanBeHeader(StringValues value) => !value.ToString().AsSpan().ContainsAnyExceptInRange(' ', '~');
}
