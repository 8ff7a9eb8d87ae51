using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano.Native;

/// <summary>Several addresses on one connection, as WebSocket or event stream. Source: docs/protocols/native.md#stream</summary>
internal sealed class NativeStreams(SyncanoServices services)
{
    private readonly NativeForms _forms = new();

    public async ValueTask<JsonAnswer?> StreamAsync(SyncanoCall call)
    {
        if (await call.EnterAsync() is { } refusal)
        {
            return refusal;
        }

        var isSocket = call.Http.WebSockets.IsWebSocketRequest;
        if (!isSocket && !RequestedTransport.IsEventStream(call.Http.Request))
        {
            return SyncanoErrors.StreamExpected;
        }

        var errors = new FieldErrors();
        var cursor = SyncanoReader.ReadCursor(call.Http.Request, !isSocket, errors);
        var names = ReadNames(call.Query, errors);
        if (errors.Any)
        {
            return errors.ToAnswer();
        }

        var refused = await ServeAsync(call, names, cursor, isSocket);
        return refused is not null && !isSocket && services.IsDraining ? await services.ComeBackAsync(call.Http) : refused;
    }

    private async ValueTask<JsonAnswer?> ServeAsync(SyncanoCall call, List<string> names, MessageCursor? cursor, bool isSocket)
    {
        var connection = services.TryOpen(isSocket ? "stream-websocket" : "stream-sse", call.Caller, call.Instance);
        if (connection is null)
        {
            return services.Errors.NoConnection;
        }

        try
        {
            var stream = new NativeStream(services, _forms, call, connection);
            var refusal = await stream.SubscribeAsync(names, cursor);
            call.Lasting = refusal is null ? stream.ToAnswer(isSocket) : null;
            return refusal;
        }
        finally
        {
            if (call.Lasting is null)
            {
                await connection.DisposeAsync();
            }
        }
    }

    private List<string> ReadNames(IQueryCollection query, FieldErrors errors)
    {
        var names = query["channel"].Where(name => !string.IsNullOrEmpty(name)).Distinct(StringComparer.Ordinal).Select(name => name!).ToList();
        if (names.Count == 0)
        {
            errors.Add("channel", "This field is required.");
        }

        if (names.Count > services.Options.MaxStreamAddresses)
        {
            errors.Add("channel", $"Ensure this field has no more than {services.Options.MaxStreamAddresses} elements.");
        }

        return names;
    }
}
