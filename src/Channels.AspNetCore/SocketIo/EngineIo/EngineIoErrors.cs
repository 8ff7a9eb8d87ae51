using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.SocketIo.EngineIo;

/// <summary>Every refusal in this protocol's words. Source: docs/protocols/socketio.md#errors</summary>
/// <param name="retryAfter">Seconds after which trying again makes sense.</param>
internal sealed class EngineIoErrors(int retryAfter)
{
    private static readonly WebSocketClosure Closed = new(WebSocketCloseStatus.NormalClosure, "");
    private static readonly WebSocketClosure GoingAway = new(WebSocketCloseStatus.EndpointUnavailable, "server is shutting down");
    private static readonly WebSocketClosure TooSlow = new(WebSocketCloseStatus.PolicyViolation, "client is too slow");
    private static readonly WebSocketClosure Revoked = new(WebSocketCloseStatus.PolicyViolation, "no longer permitted");
    private static readonly WebSocketClosure Failed = new(WebSocketCloseStatus.InternalServerError, "try again later");

    /// <summary>The protocol's number and text; errors without a number of their own have none.</summary>
    public static (int? Code, string Text) Describe(EngineIoError error) => error switch
    {
        EngineIoError.UnknownTransport => (0, "Transport unknown"),
        EngineIoError.UnknownSession => (1, "Session ID unknown"),
        EngineIoError.BadHandshakeMethod => (2, "Bad handshake method"),
        EngineIoError.BadRequest => (3, "Bad request"),
        EngineIoError.Forbidden => (4, "Forbidden"),
        EngineIoError.UnsupportedRevision => (5, "Unsupported protocol version"),
        EngineIoError.Unavailable => (4, "No more sessions can be served now"),
        EngineIoError.Overlapping or EngineIoError.BadMethod or EngineIoError.TooLarge or EngineIoError.Broken => (null, ""),
        _ => throw new UnreachableException(),
    };

    /// <summary>How the socket of a session is closed.</summary>
    public static WebSocketClosure ClosureOf(SessionEnd end) => end switch
    {
        SessionEnd.None or SessionEnd.Closed or SessionEnd.Expired => Closed,
        SessionEnd.Overflow => TooSlow,
        SessionEnd.CallerExpired or SessionEnd.Revoked => Revoked,
        SessionEnd.Draining => GoingAway,
        SessionEnd.StoreFailed or SessionEnd.Failed => Failed,
        _ => throw new UnreachableException(),
    };

    /// <summary>The answer to a request.</summary>
    /// <param name="error">Why it was refused.</param>
    /// <param name="revision">Revision that the session's client speaks; some statuses differ.</param>
    public JsonAnswer From(EngineIoError error, EngineIoRevision revision = EngineIoRevision.V4)
    {
        var (code, text) = Describe(error);
        var body = code is { } number ? JsonBytes.Encode((number, text), static (json, state) =>
        {
            json.WriteStartObject();
            json.WriteNumber("code"u8, state.number);
            json.WriteString("message"u8, state.text);
            json.WriteEndObject();
        }) : [];
        return new(StatusOf(error, revision), body) { RetryAfter = error == EngineIoError.Unavailable ? retryAfter : null };
    }

    /// <summary>Refuses an upgrade: clients look at nothing but the failure, and read no JSON here.</summary>
    public async ValueTask RefuseUpgradeAsync(HttpContext http, EngineIoError error)
    {
        var response = http.Response;
        response.StatusCode = StatusOf(error, EngineIoRevision.V4);
        response.Headers.Connection = "close";
        response.ContentType = "text/html";
        if (error == EngineIoError.Unavailable)
        {
            response.Headers.RetryAfter = retryAfter.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        await response.Body.WriteAsync(Encoding.ASCII.GetBytes(Describe(error).Text), http.RequestAborted);
    }

    private static int StatusOf(EngineIoError error, EngineIoRevision revision) => error switch
    {
        EngineIoError.UnknownTransport or EngineIoError.UnknownSession or EngineIoError.BadHandshakeMethod
            or EngineIoError.BadRequest or EngineIoError.UnsupportedRevision => StatusCodes.Status400BadRequest,
        EngineIoError.Forbidden => StatusCodes.Status403Forbidden,
        EngineIoError.Unavailable => StatusCodes.Status503ServiceUnavailable,
        EngineIoError.Overlapping => revision == EngineIoRevision.V4 ? StatusCodes.Status400BadRequest : StatusCodes.Status500InternalServerError,
        EngineIoError.BadMethod or EngineIoError.Broken => StatusCodes.Status500InternalServerError,
        EngineIoError.TooLarge => StatusCodes.Status413PayloadTooLarge,
        _ => throw new UnreachableException(),
    };
}
