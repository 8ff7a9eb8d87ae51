using Bogus;
using Channels.TestSupport;
using Channels.TestSupport.Storage;

namespace Channels.Storage.Tests;

/// <summary>Does random things to a store and to a naive model of one, and compares what they say. A store is added by a subclass with its factory.</summary>
/// <remarks>
/// Left out, because the contract leaves it open: keys of transient entries, keys across the deletion of their channel, and count limits on
/// addresses whose messages do not expire in the order of their ids (whether an expired message still counts depends on the sweep).
/// </remarks>
public abstract class StoreModelTests : StoreContract
{
    private static readonly string[] ChannelNames = ["a", "ab", "b", "c"];
    private static readonly string?[] Rooms = [null, null, "1", "2"];

    private readonly StoreModel[] _models = [new("default"), new("other")];
    private Randomizer _random = new();
    private int _deletions;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 25)];

    protected virtual int Steps => 500;

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task The_store_and_the_model_agree(int seed)
    {
        _random = new(seed);
        for (var step = 0; step < Steps; step++)
        {
            var model = _random.ArrayElement(_models);
            try
            {
                model.Continue(await HeadAsync(model.Instance));
                await ChangeAsync(model);
                await CheckAsync(model);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}, step {step}: {exception.Message}", exception);
            }
        }
    }

    private Task ChangeAsync(StoreModel model) => _random.Int(0, 20) switch
    {
        < 11 => AppendAsync(model),
        < 14 => AdvanceAsync(),
        < 16 => RemoveExpiredAsync(),
        16 => CreateAsync(model),
        17 => UpdateAsync(model),
        18 => DeleteAsync(model),
        19 => RemoveAsync(model),
        _ => IsDurable ? ReopenAsync() : Task.CompletedTask,
    };

    private async Task CheckAsync(StoreModel model)
    {
        await CheckSlicesAsync(model);
        await CheckPageAsync(model);
        await CheckChannelsAsync(model);
        await CheckFoundAsync(model);
    }

    private async Task AppendAsync(StoreModel model)
    {
        var now = Now;
        var entries = Enumerable.Range(0, _random.Int(1, 6)).Select(_ => NewEntry(model)).ToArray();
        model.Append(entries, await AppendToAsync(model.Instance, entries), now);
    }

    private TestEntry NewEntry(StoreModel model)
    {
        var address = NewAddress(model);
        var version = model.VersionOf(address.Channel);
        var isTransient = _random.Bool(0.2f);

        // Where the age varies, expiry does not follow the ids.
        var isAgeVaried = address.Channel == "c";
        return new(address, _random.ArrayElement(["1", "2"]))
        {
            Author = new(User: _random.ArrayElement([null, "ann", "bob"])),
            ExpiresIn = TimeSpan.FromSeconds(isAgeVaried ? _random.Int(1, 600) : 300),
            KeepCount = isAgeVaried ? int.MaxValue : _random.Int(1, 12),
            IsTransient = isTransient,
            Key = isTransient || _random.Bool() ? null : $"key {_random.Int(1, 3)} {_deletions}",
            DescriptorVersion = _random.WeightedRandom<long?>([null, version, version + 1, 0], [0.3f, 0.5f, 0.1f, 0.1f]),
        };
    }

    private ChannelAddress NewAddress(StoreModel model) => new(_random.ArrayElement(ChannelNames), _random.ArrayElement(Rooms), model.Instance);

    private MessageCursor NewCursor(StoreModel model) => new(_random.ListItem(model.Given) + _random.Int(0, 1));

    private Task AdvanceAsync()
    {
        Time.Advance(TimeSpan.FromSeconds(_random.Int(0, 120)));
        return Task.CompletedTask;
    }

    private async Task RemoveExpiredAsync()
    {
        var expected = _models.Sum(model => model.RemoveExpired(Now));
        var limit = _random.Int(1, 20);
        for (; expected >= limit; expected -= limit)
        {
            Assert.Equal(limit, await RemoveExpiredAsync(limit));
        }

        Assert.Equal(expected, await RemoveExpiredAsync(limit));
    }

    private async Task CreateAsync(StoreModel model)
    {
        var name = _random.ArrayElement(ChannelNames);
        var created = await Channels.CreateAsync(new() { Name = name, Instance = model.Instance, CreatedAt = Now, UpdatedAt = Now }, default).Within();
        Assert.Equal(model.VersionOf(name) == 0, created is not null);
        if (created is not null)
        {
            Assert.All(model.Channels, other => Assert.True(created.Sequence > other.Sequence));
            model.Channels.Add(created);
        }
    }

    private async Task UpdateAsync(StoreModel model)
    {
        if (model.Channels.Count == 0)
        {
            return;
        }

        var index = _random.Int(0, model.Channels.Count - 1);
        var before = model.Channels[index];
        var change = before with { Description = $"{_random.Int(1, 9)}", Version = before.Version + _random.Int(0, 1) };
        var after = await Channels.UpdateAsync(change, default).Within();
        Assert.Equal(change.Version == before.Version, after is not null);
        model.Channels[index] = after is null ? before : change with { Version = after.Version };
    }

    private async Task DeleteAsync(StoreModel model)
    {
        var name = _random.ArrayElement(ChannelNames);
        var isStored = model.VersionOf(name) > 0;
        Assert.Equal(isStored, await Channels.DeleteAsync(model.Instance, name, default).Within());
        if (isStored)
        {
            model.Delete(name);
            _deletions++;
        }
    }

    private async Task RemoveAsync(StoreModel model)
    {
        var address = NewAddress(model);
        Assert.Equal(model.Remove(address), await RemoveAsync(address));
    }

    private async Task CheckSlicesAsync(StoreModel model)
    {
        var positions = ChannelNames.SelectMany(channel => Rooms.Distinct().Select(room => new ChannelAddress(channel, room, model.Instance)))
            .Where(_ => _random.Bool()).Append(NewAddress(model)).Distinct()
            .Select(address => new ReadPosition(address, NewCursor(model))).ToArray();
        var limit = _random.Int(1, 30);

        var slice = await Messages.ReadAfterAsync(model.Instance, positions, limit, default).Within();
        CheckSlice(model, slice, limit, message => positions.Any(position => position.Address == message.Address && message.Cursor > position.After));
        Assert.Equal(positions.Length, slice.RemovedThrough.Count);
        foreach (var (position, removedThrough) in positions.Zip(slice.RemovedThrough))
        {
            model.CheckRemovedThrough(position.Address, removedThrough, Now);
        }

        var after = NewCursor(model);
        var whole = await Messages.ReadInstanceAfterAsync(model.Instance, after, limit, default).Within();
        CheckSlice(model, whole, limit, message => message.Cursor > after);
        Assert.Empty(whole.RemovedThrough);
    }

    private void CheckSlice(StoreModel model, MessageSlice slice, int limit, Func<ChannelMessage, bool> isAskedFor)
    {
        var expected = model.Visible(Now).Where(isAskedFor).Take(limit).ToArray();
        CheckMessages(expected, slice.Messages);
        Assert.Equal(expected.Length == limit ? expected[^1].Id : model.Head, slice.Through.Value);
    }

    private async Task CheckPageAsync(StoreModel model)
    {
        var query = new PageQuery(
            NewAddress(model), _random.Bool(), NewCursor(model), _random.Bool() ? NewCursor(model) : null, _random.Bool(), _random.Int(1, 20));
        var expected = model.Visible(Now).Where(message =>
            (query.AllRooms ? message.Address.Channel == query.Address.Channel : message.Address == query.Address)
            && message.Cursor > query.After && (query.Before is not { } before || message.Cursor < before));
        expected = query.OldestFirst ? expected : expected.Reverse();

        CheckMessages([.. expected.Take(query.Limit)], await ReadPageAsync(query));
    }

    private async Task CheckChannelsAsync(StoreModel model)
    {
        var query = new ChannelListQuery
        {
            NamePrefix = _random.ArrayElement([null, "", "a", "ab", "x"]),
            NewestFirst = _random.Bool(),
            Limit = _random.Int(0, 3),
            After = model.Channels.Count > 0 && _random.Bool() ? _random.ListItem(model.Channels).Sequence : null,
            Before = model.Channels.Count > 0 && _random.Bool() ? _random.ListItem(model.Channels).Sequence : null,
        };
        var expected = model.Channels.Where(channel =>
            channel.Name.StartsWith(query.NamePrefix ?? "", StringComparison.Ordinal)
            && channel.Sequence > (query.After ?? 0) && channel.Sequence < (query.Before ?? long.MaxValue));
        expected = query.NewestFirst ? expected.Reverse() : expected;

        Assert.Equal(expected.Take(query.Limit), await Channels.ListAsync(model.Instance, query, default).Within());
    }

    private async Task CheckFoundAsync(StoreModel model)
    {
        var time = Now.AddSeconds(-_random.Int(-10, 400));
        var found = await Messages.FindAsync(model.Instance, time, default).Within();
        Assert.All(model.Visible(Now), message => Assert.Equal(message.CreatedAt > time, message.Cursor > found));
    }

    private static void CheckMessages(ChannelMessage[] expected, IReadOnlyList<ChannelMessage> actual)
    {
        Assert.Equal(Ids(expected), Ids(actual));
        Assert.All(expected.Zip(actual), pair => AssertSame(pair.First, pair.Second));
    }
}
