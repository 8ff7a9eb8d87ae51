using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Channels.AspNetCore.Http;

/// <summary>The one place where a request's exceptions end; a front end says them in its own words.</summary>
/// <param name="logger">Where unexpected ones are logged, once.</param>
/// <param name="storeFailed">Answer to a store that failed.</param>
/// <param name="broken">Answer to everything unexpected.</param>
/// <param name="badRequest">Answer to a request that the server could not read, by status code and text.</param>
internal sealed partial class ErrorBoundary(ILogger logger, JsonAnswer storeFailed, JsonAnswer broken, Func<int, string, JsonAnswer> badRequest)
{
    public Task RunAsync(HttpContext http, Func<HttpContext, Task> serve)
    {
        Task serving;
        try
        {
            serving = serve(http);
        }
#pragma warning disable CA1031 // looked at where the others are
        catch (Exception exception)
#pragma warning restore CA1031
        {
            serving = Task.FromException(exception);
        }

        // Mostly the answer is on its way already.
        return serving.IsCompletedSuccessfully ? Task.CompletedTask : WatchAsync(http, serving);
    }

    private async Task WatchAsync(HttpContext http, Task serving)
    {
        try
        {
            await serving;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client is gone: nobody to answer.
        }
        catch (IOException) when (http.RequestAborted.IsCancellationRequested)
        {
        }
        catch (BadHttpRequestException exception)
        {
            await AnswerAsync(http, badRequest(exception.StatusCode, exception.Message));
        }
        catch (ChannelStoreException exception)
        {
            Log.StoreFailed(logger, exception);
            await AnswerAsync(http, storeFailed);
        }
#pragma warning disable CA1031 // the boundary of a request
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Unexpected(logger, exception);
            await AnswerAsync(http, broken);
        }
    }

    private static async Task AnswerAsync(HttpContext http, JsonAnswer answer)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        try
        {
            await answer.WriteAsync(http);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The client left while it was being told.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A store failed while a request was served.", EventName = "StoreFailed")]
        public static partial void StoreFailed(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Error, "A request failed unexpectedly.", EventName = "Unexpected")]
        public static partial void Unexpected(ILogger logger, Exception exception);
    }
}
