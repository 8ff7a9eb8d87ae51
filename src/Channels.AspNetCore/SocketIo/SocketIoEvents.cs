using System.Text.Json;
using System.Text.Json.Nodes;
using Channels.AspNetCore.Connections;
using Channels.AspNetCore.SocketIo.Packets;
using Channels.AspNetCore.SocketIo.Speakap;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Channels.AspNetCore.SocketIo;

/// <summary>The events of one socket: commands, and what the application handles.</summary>
internal sealed partial class SocketIoEvents(SocketIoSocket socket, SocketIoServices services, IServiceScopeFactory scopes, ILogger logger) : ISocketIoEvents
{
    private readonly SpeakapCommands? _commands = socket.Namespace == SocketIoConnection.MainNamespace ? new(socket, services.Speakap) : null;

    public async ValueTask OnEventAsync(SocketIoEventPacket packet, CancellationToken cancellationToken)
    {
        var request = new LimitRequest(
            SocketIoLimits.Events, socket.Connection.Caller, services.Options.Instance, ConnectionId: socket.Connection.Id);
        if (!services.Limiter.TryAcquire(request, out _))
        {
            Refuse(packet, SpeakapError.TooManyRequests, """{"error":"too_many_requests"}"""u8);
            return;
        }

        try
        {
            if (_commands is null || !await _commands.TryHandleAsync(packet, cancellationToken))
            {
                await HandleAsync(packet, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The client is gone.
        }
#pragma warning disable CA1031 // the boundary of an event, behind which the application's code may stand
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.HandlerFailed(logger, exception);
            Refuse(packet, SpeakapError.Unavailable, """{"error":"internal_error"}"""u8);
        }
    }

    public Frame Encode(in Delivery delivery) => _commands?.Encode(delivery) ?? default;

    public void OnDisconnected() => _commands?.OnDisconnected();

    /// <summary>Refuses an event in the words of commands, if it is one.</summary>
    private void Refuse(SocketIoEventPacket packet, SpeakapError error, ReadOnlySpan<byte> answer)
    {
        if (_commands?.TryRefuse(packet, error) != true)
        {
            Answer(packet, answer);
        }
    }

    private async ValueTask HandleAsync(SocketIoEventPacket packet, CancellationToken cancellationToken)
    {
        if (services.Options.FindHandler(socket.Namespace, packet.Name) is not { } handler)
        {
            // What nobody handles is not answered.
            return;
        }

        byte[] arguments;
        var scope = scopes.CreateAsyncScope();
        await using (scope)
        {
            arguments = await handler(Describe(packet, scope.ServiceProvider), cancellationToken) is { } answer ? Encode(answer) : [];
        }

        // Behind the scope, which may fail as well: there is one answer.
        Answer(packet, arguments);
    }

    private SocketIoEvent Describe(SocketIoEventPacket packet, IServiceProvider scope) => new()
    {
        Name = packet.Name,
        Namespace = socket.Namespace,
        Arguments = Parse(packet.Arguments),
        Attachments = packet.Attachments,
        WantsAnswer = packet.AckId is not null,
        Caller = socket.Connection.Caller,
        ConnectionId = socket.Connection.Id,
        Query = socket.Query,
        Services = scope,
    };

    private List<JsonElement> Parse(ReadOnlyMemory<byte> arguments)
    {
        var options = new JsonReaderOptions { MaxDepth = services.Options.MaxJsonDepth };
        byte[] array = [.. "["u8, .. arguments.Span, .. "]"u8];
        var reader = new Utf8JsonReader(array, options);
        return [.. JsonElement.ParseValue(ref reader).EnumerateArray()];
    }

    private static byte[] Encode(JsonNode answer) => System.Text.Encoding.UTF8.GetBytes(answer.ToJsonString());

    private void Answer(SocketIoEventPacket packet, ReadOnlySpan<byte> arguments)
    {
        if (packet.AckId is { } id)
        {
            socket.Acknowledge(id, arguments);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Handling an event of a client failed.", EventName = "HandlerFailed")]
        public static partial void HandlerFailed(ILogger logger, Exception exception);
    }
}
