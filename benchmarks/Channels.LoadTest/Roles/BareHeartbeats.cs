using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Channels.LoadTest.Roles;

/// <summary>As little of Engine.IO as clients that poll and do nothing else need: every poll but the first waits for the interval.</summary>
internal sealed class BareHeartbeats
{
    public const string Path = "/socket.io/";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(25);

    private readonly ConcurrentDictionary<string, bool> _sessions = new(StringComparer.Ordinal);
    private int _opened;

    public async Task ServeAsync(HttpContext http)
    {
        var query = http.Request.Query;
        if (HttpMethods.IsPost(http.Request.Method))
        {
            await http.Request.Body.CopyToAsync(Stream.Null);
            await AnswerAsync(http, "ok");
        }
        else if (query["sid"].ToString() is not { Length: > 0 } sid)
        {
            sid = Interlocked.Increment(ref _opened).ToString(CultureInfo.InvariantCulture);
            _sessions[sid] = true;
            await AnswerAsync(http, $"0{{\"sid\":\"{sid}\"}}");
        }
        else if (query["EIO"] == "3" || _sessions.TryRemove(sid, out _))
        {
            await AnswerAsync(http, "40");
        }
        else
        {
            await Task.Delay(Interval, http.RequestAborted);
            await AnswerAsync(http, "2");
        }
    }

    private static Task AnswerAsync(HttpContext http, string packet)
    {
        http.Response.ContentType = "text/plain";
        http.Response.ContentLength = packet.Length;
        return http.Response.WriteAsync(packet);
    }
}
