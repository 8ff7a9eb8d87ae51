using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Channels.AspNetCore.Tests.SocketIo;

/// <summary>Polls of clients that have an answer before the server is done with it.</summary>
public sealed class PollOrderTests : IAsyncLifetime
{
    private readonly Server _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(3, 500, "1:1")]
    [InlineData(4, 400, "1")]
    public async Task A_poll_stays_the_open_one_when_the_server_ends_with_the_one_before(int revision, int status, string last)
    {
        // The next one must not wait for the connection of the one before.
        var client = await PollingClient.OpenAsync(_server, "/engine.io", revision, "&held=1", ("Connection", "close"));
        var first = client.PollAsync("&watched=1");
        await _server.Waits.Task.Within();
        _server.Release.SetResult();
        await _server.Ended.Task.Within();

        (await client.PollAsync()).Expect(status, "");
        (await first.Within()).Expect(200, last);
    }

    private sealed class Server : SocketIoServer
    {
        public TaskCompletionSource Waits { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override void Map(WebApplication app)
        {
            app.Use(next => http => http.Request.Query.ContainsKey("held") ? HoldAsync(next, http)
                : http.Request.Query.ContainsKey("watched") ? WatchAsync(next, http)
                : next(http));
            app.UseRouting();
            base.Map(app);
        }

        private async Task HoldAsync(RequestDelegate next, HttpContext http)
        {
            var inner = http.Features.Get<IHttpResponseBodyFeature>()!;
            http.Features.Set<IHttpResponseBodyFeature>(new HeldBody(inner, Release.Task));
            await next(http);
            http.Features.Set(inner);
            Ended.SetResult();
        }

        /// <summary>What a poll does until it waits, it does at once.</summary>
        private async Task WatchAsync(RequestDelegate next, HttpContext http)
        {
            var serving = next(http);
            Waits.SetResult();
            await serving;
        }
    }

    /// <summary>A body that is with the client some time before the server hears of it.</summary>
    private sealed class HeldBody(IHttpResponseBodyFeature inner, Task released) : IHttpResponseBodyFeature
    {
        public Stream Stream => inner.Stream;

        public PipeWriter Writer { get; } = new HeldWriter(inner.Writer, released);

        public void DisableBuffering() => inner.DisableBuffering();

        public Task StartAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken) =>
            inner.SendFileAsync(path, offset, count, cancellationToken);

        public Task CompleteAsync() => inner.CompleteAsync();
    }

    private sealed class HeldWriter(PipeWriter inner, Task released) : PipeWriter
    {
        public override void Advance(int bytes) => inner.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint) => inner.GetSpan(sizeHint);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception) => inner.Complete(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override async ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken)
        {
            var result = await inner.WriteAsync(source, cancellationToken);
            await released;
            return result;
        }
    }
}
