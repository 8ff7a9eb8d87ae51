using System.Net.Http.Headers;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Channels.AspNetCore.Pusher.Webhooks;

/// <summary>
/// Delivers to one receiver, one request at a time, so that the order is kept; what it does not take is tried again for a while. A receiver that is
/// slow or gone fills its own queue and disturbs nobody else.
/// </summary>
internal sealed partial class PusherWebhookReceiver : IAsyncDisposable
{
    private readonly PusherWebhookOptions _options;
    private readonly PusherWebhookSettings _settings;
    private readonly Channel<PusherWebhookEvent> _queue;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _delivering;
    private volatile PusherApp _app;

    public PusherWebhookReceiver(PusherApp app, PusherWebhookOptions options, PusherWebhookSettings settings)
    {
        _app = app;
        _options = options;
        _settings = settings;
        _queue = Channel.CreateBounded<PusherWebhookEvent>(new BoundedChannelOptions(settings.Options.MaxQueuedEvents)
        {
            FullMode = BoundedChannelFullMode.Wait,
            SingleReader = true,
        });
        _delivering = DeliverAsync();
    }

    /// <summary>Queues an event, if the receiver wants it.</summary>
    public void Add(PusherWebhookEvent one)
    {
        if (Wants(one.Name) && (_options.ChannelPrefix is null || one.Channel.StartsWith(_options.ChannelPrefix, StringComparison.Ordinal))
            && !_queue.Writer.TryWrite(one))
        {
            _settings.Metrics.Dropped(1, "queue_full");
        }
    }

    /// <summary>Goes on for another state of the app, with what waits, if that has the same receiver.</summary>
    /// <param name="app">The app as it is now; it signs what is sent from now on.</param>
    /// <param name="options">One of its receivers.</param>
    /// <returns>Whether it is this one.</returns>
    public bool TryContinue(PusherApp app, PusherWebhookOptions options)
    {
        var isSame = options.Url == _options.Url && options.ChannelPrefix == _options.ChannelPrefix && options.Batch == _options.Batch
            && options.Events.ToHashSet(StringComparer.Ordinal).SetEquals(_options.Events);
        if (isSame)
        {
            _app = app;
        }

        return isSame;
    }

    public bool Wants(string name) => _options.Events.Count == 0 || _options.Events.Contains(name);

    /// <summary>Ends delivering; what waits is given up.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stop.CancelAsync();
        await _delivering;
        _stop.Dispose();
    }

    private async Task DeliverAsync()
    {
        // Whoever makes a receiver does not wait for it.
        await Task.Yield();
        var batch = new List<PusherWebhookEvent>();
        try
        {
            while (await _queue.Reader.WaitToReadAsync(_stop.Token))
            {
                if (_options.Batch && _settings.Options.BatchDelay > TimeSpan.Zero)
                {
                    await Task.Delay(_settings.Options.BatchDelay, _settings.Time, _stop.Token);
                }

                var most = _options.Batch ? _settings.Options.MaxBatchEvents : 1;
                while (batch.Count < most && _queue.Reader.TryRead(out var one))
                {
                    batch.Add(one);
                }

                await SendAsync(batch);
                batch.Clear();
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops, or the receiver was taken away.
            _settings.Metrics.Dropped(batch.Count + _queue.Reader.Count, "stopped");
        }
    }

    private async Task SendAsync(List<PusherWebhookEvent> events)
    {
        var time = _settings.Time;
        var body = PusherWebhookWriter.Write(events, time.GetUtcNow());
        var started = time.GetTimestamp();
        for (var wait = _settings.Options.RetryDelay; ; wait *= 2)
        {
            if (await TrySendAsync(body))
            {
                return;
            }

            var left = _settings.Options.RetryFor - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                _settings.Metrics.Dropped(events.Count, "receiver_failed");
                Log.GivenUp(_settings.Logger, events.Count);
                return;
            }

            await Task.Delay(wait < left ? wait : left, time, _stop.Token);
        }
    }

    private async Task<bool> TrySendAsync(byte[] body)
    {
        var app = _app;
        using var limit = new CancellationTokenSource(_settings.Options.Timeout, _settings.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _options.Url) { Content = new ByteArrayContent(body) };

            // The node library compares the whole value: nothing may follow.
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.Add("X-Pusher-Key", app.Key);
            request.Headers.Add("X-Pusher-Signature", app.Signer.Sign(body));
            using var client = _settings.Clients.CreateClient(PusherWebhookDeliveryOptions.HttpClientName);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            _settings.Metrics.Sent(response.IsSuccessStatusCode);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || limit.IsCancellationRequested)
        {
            _settings.Metrics.Sent(accepted: false);
            Log.Failed(_settings.Logger, exception);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "A webhook could not be delivered; it is tried again.", EventName = "WebhookFailed")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "A webhook with {Events} events was given up: its receiver did not take it in time.", EventName = "WebhookGivenUp")]
        public static partial void GivenUp(ILogger logger, int events);
    }
}
