using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Channels.AspNetCore.Connections;

/// <summary>Serves one connection as a <c>text/event-stream</c> response.</summary>
/// <param name="http">The request; nothing of the response is written yet.</param>
/// <param name="connection">The connection, subscribed.</param>
/// <param name="lifetime">Their common lifetime.</param>
/// <param name="settings">Heartbeat and retry hint.</param>
internal sealed class EventStreamLink(HttpContext http, IChannelConnection connection, ConnectionLifetime lifetime, TransportSettings settings)
{
    private const int FlushBytes = 32 * 1024;

    private readonly Heartbeat _heartbeat = settings.Heartbeat!;

    /// <summary>Serves until either side ends.</summary>
    /// <param name="encode">Wire form of the deliveries: whole event blocks.</param>
    /// <param name="opening">First blocks.</param>
    public async Task RunAsync(DeliveryEncoder encode, ReadOnlyMemory<byte> opening)
    {
        Prepare();
        using var listening = _heartbeat.Listen();
        var output = http.Response.BodyWriter;
        try
        {
            output.Write(opening.Span);
            await output.FlushAsync(lifetime.Stop);
            await SendAsync(output, encode);
            if (connection.End == ConnectionEnd.Draining)
            {
                output.Write(EventStreamFormat.Opening(settings.Retry));
                await output.FlushAsync(lifetime.Stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The client did not take what was sent in time, or left: without this the server would go on trying.
            http.Abort();
        }
        catch (ChannelStoreException)
        {
            // The engine logs and counts it; the client reconnects and resumes from its cursor.
        }
        finally
        {
            connection.Close(ConnectionEnd.Closed);
        }
    }

    private void Prepare()
    {
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var response = http.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache, no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        response.Headers.XContentTypeOptions = "nosniff";
    }

    private async Task SendAsync(PipeWriter output, DeliveryEncoder encode)
    {
        var reading = connection.WaitToReadAsync(CancellationToken.None).AsTask();
        while (true)
        {
            await BeatUntilAsync(reading, output);
            if (!await reading)
            {
                return;
            }

            await SendAvailableAsync(output, encode);
            lifetime.CloseWhenEmpty();
            reading = connection.WaitToReadAsync(CancellationToken.None).AsTask();
        }
    }

    private async ValueTask BeatUntilAsync(Task reading, PipeWriter output)
    {
        while (!reading.IsCompleted)
        {
            await Task.WhenAny(reading, _heartbeat.Next);
            if (!reading.IsCompleted)
            {
                output.Write(EventStreamFormat.Heartbeat);
                await output.FlushAsync(lifetime.Stop);
            }
        }
    }

    private async ValueTask SendAvailableAsync(PipeWriter output, DeliveryEncoder encode)
    {
        var unflushed = 0;
        while (connection.TryRead(out var delivery))
        {
            lifetime.Note(delivery);
            var block = encode(delivery);
            output.Write(block.Span);
            unflushed += block.Length;
            if (unflushed >= FlushBytes)
            {
                await output.FlushAsync(lifetime.Stop);
                unflushed = 0;
            }
        }

        if (unflushed > 0)
        {
            await output.FlushAsync(lifetime.Stop);
        }
    }
}
