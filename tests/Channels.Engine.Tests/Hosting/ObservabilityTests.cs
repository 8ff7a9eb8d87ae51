using System.Diagnostics;
using Channels.Engine.Tests.Support;
using Channels.Storage.Memory;
using Channels.Testing;
using Channels.TestSupport;
using Channels.TestSupport.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Channels.Engine.Tests.Hosting;

public sealed class ObservabilityTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private readonly Metrics _metrics = new();
    private readonly ScriptedStore _store;
    private readonly ChannelsTestHost _host;

    public ObservabilityTests()
    {
        _store = new(new MemoryStore(_time));
        _host = ChannelsTestHost.Create(
            c =>
            {
                c.UseScriptedStorage(_store).AddChannel("a", a => a.Retain(TimeSpan.FromSeconds(30))).Services.AddLogging();
                _metrics.AddTo(c);
            },
            o => o.MaxAppendQueueBytes = 64 * 1024,
            _time);
    }

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _metrics.Dispose();
    }

    [Fact]
    public async Task Everything_is_measured()
    {
        await using var connection = _host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        await connection.SubscribeAsync("a").Within();
        var message = await _host.Channels.PublishAsync("a", new()).Within();
        await _host.Channels.TryPublishAsync("nowhere", new()).Within();
        await _host.Channels.TryPublishManyAsync([new("a", new()), new("a", new())]).Within();
        await connection.ReadAsync(3);
        await using var resumed = _host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        await resumed.SubscribeAsync("a", SubscribeFrom.After(message.Cursor)).Within();
        resumed.Close(ConnectionEnd.Closed);
        var poll = _host.Channels.PollAsync("a", window: TimeSpan.FromSeconds(1)).AsTask();
        Assert.Equal(1, _metrics["channels.polls.parked"]);
        _time.Advance(TimeSpan.FromMinutes(1));
        await poll.Within();
        await _host.Maintenance.SweepAsync().Within();

        Assert.Equal(3, _metrics["channels.messages.published", "Published"]);
        Assert.Equal(1, _metrics["channels.messages.published", "NotFound"]);
        Assert.Equal(4, _metrics["channels.publish.duration.count"]);
        Assert.Equal(3, _metrics["channels.messages.delivered"]);
        Assert.True(_metrics["channels.delivery.lag.count"] >= 1);
        Assert.Equal(1, _metrics["channels.connections.active", "test"]);
        Assert.Equal(1, _metrics["channels.connections.closed", "Closed"]);
        Assert.Equal(1, _metrics["channels.subscriptions.active"]);
        Assert.Equal(1, _metrics["channels.resumes.started", "complete"]);
        Assert.Equal((0, 1), (_metrics["channels.polls.parked"], _metrics["channels.polls.ended", "WindowClosed"]));
        Assert.Equal(3, _metrics["channels.append.batch_size"]);
        Assert.Equal(3, _metrics["channels.messages.expired"]);
        Assert.Equal(0, _metrics.Lowest("channels.subscriptions.active"));
    }

    [Fact]
    public async Task A_message_that_is_kept_from_its_sender_is_not_counted_as_delivered()
    {
        await using var connection = _host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        await connection.SubscribeAsync("a").Within();
        await _host.Channels.PublishAsync("a", new() { ExcludedConnection = connection.Id }).Within();
        await _host.Channels.PublishAsync("a", new()).Within();

        await connection.ReadAsync(1);

        Assert.Equal(1, _metrics["channels.messages.delivered"]);
    }

    [Fact]
    public async Task Publishing_is_an_activity_with_its_outcome()
    {
        var activities = new List<Activity>();
        var parent = new Activity("test").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ChannelsDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == parent.TraceId)
                {
                    activities.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);

        await _host.Channels.PublishAsync("a", new()).Within();
        await _host.Channels.TryPublishAsync("nowhere", new()).Within();
        parent.Stop();

        Assert.All(activities, activity => Assert.Equal(("channels.publish", ActivityKind.Producer), (activity.OperationName, activity.Kind)));
        Assert.Equal(["Published", "NotFound"], activities.Select(activity => activity.GetTagItem("channels.publish.outcome")));
    }

    [Fact]
    public async Task Readiness_follows_the_store_the_queue_and_the_drain()
    {
        Assert.Equal(HealthStatus.Healthy, await CheckAsync());

        _store.OnAppend = (_, _) => throw new ChannelStoreException("broken");
        await _host.Channels.TryPublishAsync("a", new()).Within();
        Assert.Equal(HealthStatus.Unhealthy, await CheckAsync());
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(HealthStatus.Degraded, await CheckAsync());

        var point = new SyncPoint();
        _store.OnAppend = async (_, commit) =>
        {
            await point.PassAsync();
            return await commit();
        };
        var first = _host.Channels.TryPublishAsync("a", new()).AsTask();
        await point.Reached;
        var waiting = _host.Channels.TryPublishAsync("a", new($"\"{new string('x', 40_000)}\"")).AsTask();
        Assert.Equal(HealthStatus.Degraded, await CheckAsync());
        point.Release();
        await Task.WhenAll(first, waiting).Within();
        Assert.Equal(HealthStatus.Healthy, await CheckAsync());

        await _host.Maintenance.DrainAsync().Within();
        Assert.Equal(HealthStatus.Unhealthy, await CheckAsync());
    }

    [Fact]
    public async Task A_store_that_cannot_be_opened_is_unhealthy_and_told_as_an_outcome()
    {
        _store.BeforeRead = _ => throw new ChannelStoreException("locked");

        Assert.Equal(HealthStatus.Unhealthy, await CheckAsync());
        Assert.Equal(PublishStatus.OutcomeUnknown, (await _host.Channels.TryPublishAsync("a", new()).Within()).Status);
        Assert.Equal(PublishStatus.OutcomeUnknown, (await _host.Channels.TryPublishManyAsync([new("a", new())]).Within())[0].Status);
        await Assert.ThrowsAsync<ChannelStoreException>(() => _host.Channels.PollAsync("a").Within());

        _store.BeforeRead = null;
        Assert.Equal(HealthStatus.Healthy, await CheckAsync());
        Assert.Equal(PublishStatus.Published, (await _host.Channels.TryPublishAsync("a", new()).Within()).Status);
    }

    private async Task<HealthStatus> CheckAsync()
    {
        var report = await _host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().Within();
        Assert.Contains(ChannelsDiagnostics.HealthCheckName, report.Entries.Keys);
        return report.Status;
    }
}
