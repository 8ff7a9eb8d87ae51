using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano.Native;

/// <summary>One open stream.</summary>
internal sealed class NativeStream(SyncanoServices services, NativeForms forms, SyncanoCall call, IChannelConnection connection)
{
    private MessageCursor? _position;
    private int _subscriptions;

    /// <summary>Attaches every address, or none.</summary>
    /// <param name="names">Addresses as the client spells them.</param>
    /// <param name="after">Last message seen; <see langword="null"/> for only what is new.</param>
    public async ValueTask<JsonAnswer?> SubscribeAsync(IReadOnlyList<string> names, MessageCursor? after)
    {
        var from = after is { } cursor ? SubscribeFrom.After(cursor).ContinueOverGaps() : SubscribeFrom.Now;
        foreach (var name in names)
        {
            var address = await ResolveAsync(name);
            var (access, position) = await connection.SubscribeAsync(address, from, call.Aborted);
            if (services.Errors.From(access, address) is { } refusal)
            {
                return NativeWriter.Refused(refusal, name);
            }

            // The earliest: resuming from there misses nothing of any address.
            _position = _position is { } earlier && earlier < position ? earlier : position;
            _subscriptions++;
        }

        return null;
    }

    /// <summary>What serves the connection from now on.</summary>
    public SyncanoStream ToAnswer(bool isSocket)
    {
        var ready = NativeWriter.Ready(_position ?? default, connection.Id);
        if (isSocket)
        {
            return new(connection, services.Streams, _subscriptions, forms.Frames, NativeWriter.Event("ready"u8, ready), isSocket);
        }

        byte[] opening =
        [
            .. EventStreamFormat.Opening(services.Streams.Retry),
            .. EventStreamFormat.Event("ready"u8, _position?.Value, ready),
        ];
        return new(connection, services.Streams, _subscriptions, _subscriptions == 1 ? forms.SingleBlocks : forms.Blocks, opening, isSocket);
    }

    /// <summary>
    /// The part behind the first colon is a room where the part before it is a channel with rooms; otherwise a channel of the
    /// whole name is meant, if there is one. Names are taken as they are, in upper and lower case.
    /// </summary>
    private async ValueTask<ChannelAddress> ResolveAsync(string name)
    {
        var whole = new ChannelAddress(name, null, call.Instance);
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon == name.Length - 1)
        {
            return whole;
        }

        var room = new ChannelAddress(name[..colon], name[(colon + 1)..], call.Instance);
        if (!room.IsValid)
        {
            return whole;
        }

        var (_, parent) = await call.HostCatalog.GetAsync(room.Channel, call.Aborted);
        if (parent?.Type == ChannelType.SeparateRooms)
        {
            return room;
        }

        var (status, _) = await call.HostCatalog.GetAsync(name, call.Aborted);
        return status == CatalogStatus.Done ? whole : room;
    }
}
