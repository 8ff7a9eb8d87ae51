using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Pusher.Api;

/// <summary>Publishes events. Nothing is published when anything in the request is invalid. Source: docs/protocols/pusher.md#events</summary>
/// <param name="addresses">What names stand for.</param>
/// <param name="counts">What requests may ask about channels.</param>
internal sealed class PusherEvents(PusherAddresses addresses, PusherCounts counts)
{
    private static JsonAnswer Accepted { get; } = new(StatusCodes.Status202Accepted);

    public async ValueTask<JsonAnswer> PublishAsync(PusherCall call)
    {
        var (read, refusal) = new PusherEventReader(call.App).Read(call.Body);
        refusal ??= await PublishAsync(call, [read!]);
        if (refusal is not null)
        {
            return refusal;
        }

        return read!.Info == PusherInfo.None
            ? PusherAnswers.Done
            : PusherAnswers.Channels(await counts.OfAsync(call, read.Channels, read.Info));
    }

    public async ValueTask<JsonAnswer> PublishBatchAsync(PusherCall call)
    {
        var (events, refusal) = new PusherEventReader(call.App).ReadBatch(call.Body);
        refusal ??= await PublishAsync(call, events!);
        if (refusal is not null)
        {
            return refusal;
        }

        if (events!.All(one => one.Info == PusherInfo.None))
        {
            return PusherAnswers.Done;
        }

        var attributes = new List<PusherAttributes>(events!.Count);
        foreach (var one in events)
        {
            attributes.Add(one.Info == PusherInfo.None ? default : await counts.OfAsync(call, one.Channels[0], one.Info));
        }

        return PusherAnswers.Batch(attributes);
    }

    /// <summary>The older way: the body is the data, everything else is in the query.</summary>
    public async ValueTask<JsonAnswer> PublishRawAsync(PusherCall call)
    {
        var (read, refusal) = new PusherEventReader(call.App).Read(call.ChannelName, call.Query("name"), call.Query("socket_id"), call.Body);
        return refusal ?? await PublishAsync(call, [read!]) ?? Accepted;
    }

    private async ValueTask<JsonAnswer?> PublishAsync(PusherCall call, IReadOnlyList<PusherEvent> events)
    {
        var limit = call.App.Limits.MaxEventBytes;
        if (events is [{ Channels: [var only] } single])
        {
            var address = await addresses.ResolveAsync(call.App, only.Name, call.Aborted);
            return PusherErrors.From(await call.Channels.TryPublishAsync(address, single.Draft, call.Aborted), limit);
        }

        var drafts = new List<AddressedDraft>();
        foreach (var one in events)
        {
            foreach (var channel in one.Channels)
            {
                drafts.Add(new(await addresses.ResolveAsync(call.App, channel.Name, call.Aborted), one.Draft));
            }
        }

        var results = await call.Channels.TryPublishManyAsync(drafts, call.Aborted);
        var failed = results.FirstOrDefault(result => !result.Succeeded && result.Status != PublishStatus.NotAttempted);
        return PusherErrors.From(failed, limit);
    }
}
