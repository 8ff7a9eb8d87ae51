using System.Globalization;
using System.Text;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.PushStream.Publishing;

/// <summary>What is told of channels. Source: docs/protocols/pushstream.md#statistics</summary>
internal sealed class PushStreamReports(TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();

    /// <summary>Named channels; unknown ones are left out.</summary>
    public async ValueTask<JsonAnswer> OfAsync(HttpRequest request, List<string> names, PushStreamCounts counts, CancellationToken cancellationToken)
    {
        var known = new List<PushStreamChannelCount>();
        foreach (var name in names)
        {
            if (await counts.FindAsync(name, cancellationToken) is { } count)
            {
                known.Add(count);
            }
        }

        return known.Count == 0 ? PushStreamErrors.NotFound
            : names.Count == 1 ? Answer(request, Channel(known[0]))
            : Several(request, known);
    }

    /// <summary>Several channels.</summary>
    public JsonAnswer Several(HttpRequest request, List<PushStreamChannelCount> counts) => Answer(
        request, new("root", [.. Head(counts.Count), UptimeField], "infos", [.. counts.Select(static count => Channel(count))]));

    /// <summary>All channels in one.</summary>
    /// <param name="request">The request.</param>
    /// <param name="counts">Their numbers.</param>
    /// <param name="published">How many messages were published to all of them and to those that are gone.</param>
    public JsonAnswer Summary(HttpRequest request, List<PushStreamChannelCount> counts, long published)
    {
        var subscribers = new PushStreamField(PushStreamReport.Subscribers, counts.Sum(count => count.Subscribers));
        PushStreamField[] fields =
        [
            .. Head(counts.Count),
            new("published_messages", published),
            new("stored_messages", counts.Sum(count => count.StoredMessages)),
            new("messages_in_trash", 0),
            new("channels_in_delete", 0),
            new("channels_in_trash", 0),
            subscribers,
            UptimeField,
        ];
        var process = new PushStreamField("pid", 0, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return Answer(request, new("root", fields, "by_worker", [new("worker", [process, subscribers, UptimeField])]));
    }

    private PushStreamField UptimeField => new("uptime", (long)time.GetElapsedTime(_started).TotalSeconds);

    private PushStreamField[] Head(int channels) =>
    [
        new("hostname", 0, Environment.MachineName),
        new("time", 0, time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)),
        new("channels", channels),
        new("wildcard_channels", 0),
    ];

    private static PushStreamReport Channel(in PushStreamChannelCount count) => new(
        PushStreamReport.ChannelName,
        [
            new(PushStreamReport.ChannelName, 0, count.Name),
            new("published_messages", count.PublishedMessages),
            new("stored_messages", count.StoredMessages),
            new(PushStreamReport.Subscribers, count.Subscribers),
        ]);

    private static JsonAnswer Answer(HttpRequest request, PushStreamReport report)
    {
        var format = PushStreamFormat.Of(request);
        return new(StatusCodes.Status200OK, Encoding.UTF8.GetBytes(format.Write(report))) { ContentType = format.ContentType, Header = new("Vary", "Accept") };
    }
}
