using Channels.Storage.Memory;
using Channels.Testing;
using Channels.TestSupport;
using Channels.TestSupport.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Permissions;

/// <summary>Changes of channels that the store made although whoever asked for them was not told.</summary>
public sealed class UncertainChangeTests : IAsyncLifetime
{
    private static readonly ChannelDescriptor Stored = new() { Name = "stored", OtherPermission = ChannelPermission.Subscribe };

    private readonly ScriptedStore _store;
    private readonly ChannelsTestHost _host;
    private readonly IChannelConnection _connection;

    public UncertainChangeTests()
    {
        var time = new ManualTimeProvider();
        _store = new(new MemoryStore(time));
        _host = ChannelsTestHost.Create(
            c => c.UseScriptedStorage(_store).AddChannel("{name}", t => t.Others(ChannelPermission.Subscribe)), time: time);
        _connection = _host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.User("ann") })!;
    }

    public static TheoryData<string> Changes => [nameof(IChannelCatalog.CreateAsync), nameof(IChannelCatalog.UpdateAsync), nameof(IChannelCatalog.DeleteAsync), nameof(IChannelCatalog.ClearAsync)];

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task P7_a_change_takes_effect_when_nobody_waits_for_it_any_more(string change)
    {
        await SubscribeAsync(change);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.AfterChange = _ =>
        {
            done.SetResult();
            return answer.Task;
        };
        using var leaving = new CancellationTokenSource();
        var changing = ChangeAsync(change, leaving.Token);
        await done.Task.Within();

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => changing.Within());
        answer.SetResult();

        await ExpectEndAsync();
    }

    [Theory]
    [InlineData(nameof(IChannelCatalog.CreateAsync))]
    [InlineData(nameof(IChannelCatalog.UpdateAsync))]
    [InlineData(nameof(IChannelCatalog.DeleteAsync))]
    public async Task P7_a_change_takes_effect_whose_commit_seemed_to_fail(string change)
    {
        await SubscribeAsync(change);
        _store.AfterChange = _ => throw new ChannelStoreException("broken");

        await Assert.ThrowsAsync<ChannelStoreException>(() => ChangeAsync(change, default).Within());

        await ExpectEndAsync();
    }

    [Theory]
    [InlineData(nameof(IChannelCatalog.CreateAsync))]
    [InlineData(nameof(IChannelCatalog.UpdateAsync))]
    [InlineData(nameof(IChannelCatalog.DeleteAsync))]
    public async Task A_change_that_failed_ends_nothing(string change)
    {
        await SubscribeAsync(change);
        _store.BeforeChange = _ => throw new ChannelStoreException("broken");

        await Assert.ThrowsAsync<ChannelStoreException>(() => ChangeAsync(change, default).Within());

        var message = await _host.Channels.PublishAsync("stored", new()).Within();
        Assert.Equal(message.Id, Assert.Single(await _connection.ReadAsync(1)).Message?.Id);
    }

    private async Task SubscribeAsync(string change)
    {
        if (change != nameof(IChannelCatalog.CreateAsync))
        {
            await _host.Channels.Catalog.CreateAsync(Stored).Within();
        }

        Assert.Equal(AccessStatus.Allowed, (await _connection.SubscribeAsync("stored").Within()).Access);
    }

    private async Task ChangeAsync(string change, CancellationToken cancellationToken)
    {
        var catalog = _host.Channels.Catalog;
        switch (change)
        {
            case nameof(IChannelCatalog.CreateAsync):
                await catalog.CreateAsync(Stored with { OtherPermission = ChannelPermission.None }, cancellationToken);
                break;
            case nameof(IChannelCatalog.UpdateAsync):
                await catalog.UpdateAsync("stored", c => c with { OtherPermission = ChannelPermission.None }, cancellationToken);
                break;
            case nameof(IChannelCatalog.DeleteAsync):
                await catalog.DeleteAsync("stored", cancellationToken);
                break;
            default:
                await catalog.ClearAsync("stored", cancellationToken);
                break;
        }
    }

    private async Task ExpectEndAsync()
    {
        Assert.Equal(DeliveryKind.SubscriptionEnded, Assert.Single(await _connection.ReadAsync(1)).Kind);
        await _host.Channels.PublishAsync("stored", new()).Within();
        Assert.True(_connection.IsSilent());
    }
}
