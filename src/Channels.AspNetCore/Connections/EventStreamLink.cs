using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Connections;

/// <summary>Serves one connection as a <c>text/event-stream</c> response, everything due in one write.</summary>
/// <param name="http">The request; nothing of the response is written yet.</param>
/// <param name="connection">The connection, subscribed.</param>
/// <param name="lifetime">Their common lifetime.</param>
/// <param name="settings">Media type, heartbeat and retry hint.</param>
#pragma warning disable CA1001 // a last heartbeat may still ask for the semaphore, which holds nothing that needs disposing
internal sealed class EventStreamLink(HttpContext http, IChannelConnection connection, ConnectionLifetime lifetime, TransportSettings settings)
#pragma warning restore CA1001
    : IHeartbeatListener
{
    private const int FlushBytes = 32 * 1024;

    private readonly Heartbeat _heartbeat = settings.Heartbeat!;
    private readonly PipeWriter _output = http.Response.BodyWriter;
    private readonly SemaphoreSlim _writing = new(1, 1);

    /// <summary>Tells a client to come back: any answer but a stream would end a browser's <c>EventSource</c> for good.</summary>
    /// <param name="http">The request; nothing of the response is written yet.</param>
    /// <param name="settings">Media type and retry hint.</param>
    public static async Task ComeBackAsync(HttpContext http, TransportSettings settings)
    {
        StreamedResponse.Prepare(http, settings.EventStreamType);
        await http.Response.BodyWriter.WriteAsync(EventStreamFormat.Opening(settings.Retry), http.RequestAborted);
    }

    /// <summary>Serves until either side ends.</summary>
    /// <param name="form">Wire form of the deliveries: whole event blocks.</param>
    /// <param name="opening">First blocks.</param>
    public async Task RunAsync(IDeliveryForm form, ReadOnlyMemory<byte> opening)
    {
        StreamedResponse.Prepare(http, settings.EventStreamType);
        lifetime.LimitWrites();
        try
        {
            _output.Write(opening.Span);
            await _output.FlushAsync(lifetime.Stop);
            _heartbeat.Add(this);
            await SendAsync(form);
            if (connection.End == ConnectionEnd.Draining)
            {
                await _writing.WaitAsync(lifetime.Stop);
                _output.Write(EventStreamFormat.Opening(settings.Retry));
                await FlushAndLeaveAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The client did not take what was sent in time, or left: without this the server would go on trying.
            http.Abort();
        }
        catch (ChannelStoreException exception)
        {
            // The client reconnects and resumes from its cursor.
            TransportLog.StoreFailed(settings.Logger, exception);
        }
        finally
        {
            connection.Close(ConnectionEnd.Closed);
            _heartbeat.Remove(this);

            // The response must not be completed under a heartbeat; a stuck one ends with the lifetime.
            await _writing.WaitAsync(CancellationToken.None);
        }
    }

    /// <summary>A client that is being written to needs no heartbeat.</summary>
    void IHeartbeatListener.OnBeat()
    {
        if (_writing.Wait(0))
        {
            _ = BeatAsync();
        }
    }

    private async Task SendAsync(IDeliveryForm form)
    {
        for (var turn = 1; await connection.WaitToReadAsync(CancellationToken.None); turn++)
        {
            await SendAvailableAsync(form);
            lifetime.CloseWhenEmpty();
            if (turn % TransportSettings.TurnsBeforeYield == 0)
            {
                await Task.Yield();
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAvailableAsync(IDeliveryForm form)
    {
        await _writing.WaitAsync(lifetime.Stop);
        try
        {
            var unflushed = 0;
            for (var writes = 0; writes < TransportSettings.WritesPerTurn && connection.TryRead(out var delivery);)
            {
                lifetime.Note(delivery);
                var block = form.Encode(delivery).Bytes;
                _output.Write(block.Span);
                unflushed += block.Length;
                if (unflushed >= FlushBytes)
                {
                    await _output.FlushAsync(lifetime.Stop);
                    unflushed = 0;
                    writes++;
                }
            }

            if (unflushed > 0)
            {
                await _output.FlushAsync(lifetime.Stop);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task BeatAsync()
    {
        try
        {
            _output.Write(EventStreamFormat.Heartbeat);
            await FlushAndLeaveAsync();
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or InvalidOperationException or ObjectDisposedException)
        {
            // The client is gone; the sending side ends with it.
            connection.Close(ConnectionEnd.Closed);
        }
    }

    private async ValueTask FlushAndLeaveAsync()
    {
        try
        {
            await _output.FlushAsync(lifetime.Stop);
        }
        finally
        {
            _writing.Release();
        }
    }
}
