using System.Globalization;
using System.Text;
using System.Text.Json;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.PushStream.Publishing;

/// <summary>How numbers of channels are spelled: with the blanks and line ends of the original. Source: docs/protocols/pushstream.md#publishing</summary>
internal sealed class PushStreamReports(TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();

    /// <summary>Named channels; unknown ones are left out.</summary>
    public async ValueTask<JsonAnswer> OfAsync(List<string> names, PushStreamCounts counts, CancellationToken cancellationToken)
    {
        var known = new List<PushStreamChannelCount>();
        foreach (var name in names)
        {
            if (await counts.FindAsync(name, cancellationToken) is { } count)
            {
                known.Add(count);
            }
        }

        return known.Count == 0 ? PushStreamErrors.NotFound : names.Count == 1 ? One(known[0]) : Several(known);
    }

    private static JsonAnswer One(in PushStreamChannelCount count) => Answer($"{Channel(count)}\r\n");

    /// <summary>Several channels.</summary>
    public JsonAnswer Several(IReadOnlyList<PushStreamChannelCount> counts) => Answer(string.Create(
        CultureInfo.InvariantCulture,
        $"{{{Begin(counts.Count)}, \"uptime\": {Uptime}, \"infos\": [\r\n{string.Join(",\r\n", counts.Select(count => Channel(count)))}\r\n]}}\r\n"));

    /// <summary>All channels in one.</summary>
    public JsonAnswer Summary(IReadOnlyList<PushStreamChannelCount> counts)
    {
        var stored = counts.Sum(count => count.StoredMessages);
        var subscribers = counts.Sum(count => count.Subscribers);
        return Answer(string.Create(
            CultureInfo.InvariantCulture,
            $"{{{Begin(counts.Count)}, \"published_messages\": {stored}, \"stored_messages\": {stored}, \"messages_in_trash\": 0, \"channels_in_delete\": 0, \"channels_in_trash\": 0, \"subscribers\": {subscribers}, \"uptime\": {Uptime}, \"by_worker\": [\r\n{{\"pid\": \"{Environment.ProcessId}\", \"subscribers\": {subscribers}, \"uptime\": {Uptime}}}\r\n]}}\r\n"));
    }

    private long Uptime => (long)time.GetElapsedTime(_started).TotalSeconds;

    private string Begin(int channels) => string.Create(
        CultureInfo.InvariantCulture,
        $"\"hostname\": {Quote(Environment.MachineName)}, \"time\": \"{time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss}\", \"channels\": {channels}, \"wildcard_channels\": 0");

    private static string Channel(in PushStreamChannelCount count) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"channel\": {Quote(count.Name)}, \"published_messages\": {count.StoredMessages}, \"stored_messages\": {count.StoredMessages}, \"subscribers\": {count.Subscribers}}}");

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private static JsonAnswer Answer(string text) => new(StatusCodes.Status200OK, Encoding.UTF8.GetBytes(text));
}
