using Channels.Storage.Sqlite.Catalog;
using Channels.Storage.Sqlite.Ids;
using Channels.Storage.Sqlite.Objects;
using Channels.Storage.Sqlite.Writing;

namespace Channels.Storage.Sqlite.Appending;

/// <summary>
/// Appends batches. What becomes of an entry is decided before anything of it is written, so no entry can fail half-way and none needs a
/// savepoint, whether it is a message or the change of an object with its notification; a failure of storage fails the whole transaction.
/// </summary>
internal sealed class Appender(
    WriterSession session,
    InstanceTable instances,
    AddressTable addresses,
    DescriptorTable descriptors,
    ObjectTable objects,
    TimeProvider time)
{
    private readonly MessageWriter _messages = new(session);
    private readonly IdempotencyKeys _keys = new(session);
    private readonly HashSet<AddressState> _grown = [];

    public AppendResult Append(InstanceState instance, ReadOnlySpan<AppendEntry> batch)
    {
        _grown.Clear();
        session.Touch(instance);
        instances.Reserve(instance, batch.Length);
        var previous = instance.Head;
        var now = time.GetUtcNow().UtcTicks;
        var outcomes = new AppendOutcome[batch.Length];
        for (var i = 0; i < batch.Length; i++)
        {
            outcomes[i] = Append(instance, batch[i], now);
        }

        foreach (var address in _grown)
        {
            addresses.RemoveSurplus(address);
        }

        objects.EndBatch();

        return new AppendResult(new(previous), new(instance.Head), outcomes);
    }

    private AppendOutcome Append(InstanceState instance, AppendEntry entry, long now)
    {
        if (entry.DescriptorVersion is { } version && version != descriptors.VersionOf(instance, entry.Address.Channel))
        {
            return new AppendOutcome(AppendStatus.StaleDescriptor);
        }

        if (entry.Change is { } change)
        {
            return Change(instance, entry, change, now);
        }

        if (entry.Draft.IdempotencyKey is not null
            && addresses.Find(instance, entry.Address) is { } known
            && _keys.Find(known, entry, now) is { } earlier)
        {
            return earlier;
        }

        return new AppendOutcome(AppendStatus.Stored, Add(instance, entry, entry.Draft, now));
    }

    private AppendOutcome Change(InstanceState instance, AppendEntry entry, ObjectChange change, long now)
    {
        var time = new DateTimeOffset(Math.Max(now, instance.LastCreatedAt), TimeSpan.Zero);
        return objects.Apply(instance, change, time) switch
        {
            null => new AppendOutcome(AppendStatus.StaleClass),
            { Status: ObjectStatus.Done, Draft: { } draft } done => new AppendOutcome(AppendStatus.Stored, Add(instance, entry, draft, now), done),
            { Status: ObjectStatus.Done } done => new AppendOutcome(AppendStatus.Stored, Decision: done),
            { } refused => new AppendOutcome(AppendStatus.Refused, Decision: refused),
        };
    }

    private ChannelMessage Add(InstanceState instance, AppendEntry entry, MessageDraft draft, long now)
    {
        instance.Head = instance.Tried += 1;
        instance.LastCreatedAt = Math.Max(now, instance.LastCreatedAt);
        var message = entry.ToMessage(instance.Head, new DateTimeOffset(instance.LastCreatedAt, TimeSpan.Zero), draft);
        if (!entry.IsTransient)
        {
            Store(instance, entry, message, now);
        }

        return message;
    }

    private void Store(InstanceState instance, AppendEntry entry, ChannelMessage message, long now)
    {
        session.Begin();
        var expiresAt = entry.ExpiresAt.UtcTicks;
        var address = addresses.FindOrAdd(instance, entry.Address, expiresAt);
        var key = MessageKey.Of(instance.Row, message.Id);
        _messages.Insert(key, address.Id, message);
        addresses.CountRow(address, expiresAt, entry.KeepCount);
        _grown.Add(address);
        if (entry.Draft.IdempotencyKey is not null)
        {
            _keys.Remember(address, entry, key, message, now);
        }
    }
}
