using System.Globalization;
using System.Text;

namespace Channels.LoadTest.Client;

/// <summary>
/// One Socket.IO 5 client that polls, as a browser does: a connection for polls and one for posts. It joins the main namespace and answers heartbeats.
/// </summary>
/// <param name="polls">Where it waits.</param>
/// <param name="posts">Where it answers.</param>
internal sealed class PollingSession(HttpLine polls, HttpLine posts)
{
    private const string Path = "/socket.io/?EIO=4&transport=polling";
    private const string OldPath = "/socket.io/?EIO=3&transport=polling";
    private const string SidField = "\"sid\":\"";

    private long _heartbeats;

    /// <summary>How many heartbeats it has answered.</summary>
    public long Heartbeats => Interlocked.Read(ref _heartbeats);

    /// <summary>Lets the server compile what heartbeats need: clients of the older revision may ask for them as often as they like.</summary>
    /// <param name="exchanges">How many heartbeats.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task WarmUpAsync(int exchanges, CancellationToken cancellationToken)
    {
        await polls.ExchangeAsync(Get(OldPath), cancellationToken);
        var address = $"{OldPath}&sid={SidOf(polls.Text)}";
        var (poll, ping) = (Get(address), Post(address, "1:2"));
        for (var i = 0; i < exchanges; i++)
        {
            await posts.ExchangeAsync(ping, cancellationToken);
            await polls.ExchangeAsync(poll, cancellationToken);
        }

        await posts.ExchangeAsync(Post(address, "1:1"), cancellationToken);
    }

    /// <summary>Opens the session and answers its heartbeats until it is cancelled.</summary>
    /// <param name="delay">When to open it.</param>
    /// <param name="opened">Told when the session waits for its first heartbeat.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(TimeSpan delay, Action opened, CancellationToken cancellationToken)
    {
        await Task.Delay(delay, cancellationToken);
        await polls.ExchangeAsync(Get(Path), cancellationToken);
        var address = $"{Path}&sid={SidOf(polls.Text)}";
        var (poll, pong) = (Get(address), Post(address, "3"));
        await posts.ExchangeAsync(Post(address, "40"), cancellationToken);
        await polls.ExchangeAsync(poll, cancellationToken);
        opened();
        while (true)
        {
            await polls.ExchangeAsync(poll, cancellationToken);
            if (!polls.Text.EndsWith("\r\n\r\n2", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"This is no heartbeat: {polls.Text}");
            }

            await posts.ExchangeAsync(pong, cancellationToken);
            Interlocked.Increment(ref _heartbeats);
        }
    }

    private static string SidOf(string answer)
    {
        var start = answer.IndexOf(SidField, StringComparison.Ordinal) + SidField.Length;
        return answer[start..answer.IndexOf('"', start)];
    }

    private static byte[] Get(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");

    private static byte[] Post(string path, string body) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain;charset=UTF-8\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
}
