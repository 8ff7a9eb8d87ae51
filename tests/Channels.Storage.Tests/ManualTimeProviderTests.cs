using Channels.Testing;
using Channels.TestSupport;

namespace Channels.Storage.Tests;

public sealed class ManualTimeProviderTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _fired = [];

    [Fact]
    public void The_clock_stands_still_until_it_is_advanced()
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(start, _time.GetUtcNow());
        var timestamp = _time.GetTimestamp();

        _time.Advance(Second);

        Assert.Equal(start + Second, _time.GetUtcNow());
        Assert.Equal(Second, _time.GetElapsedTime(timestamp));
    }

    [Fact]
    public void Timers_fire_in_order_of_due_time_with_the_clock_at_it()
    {
        var start = _time.GetUtcNow();
        Start("late", 3 * Second);
        Start("early", Second);
        Start("same as late", 3 * Second);

        _time.Advance(5 * Second);

        Assert.Equal(["early 1", "late 3", "same as late 3"], _fired);
        Assert.Equal(start + (5 * Second), _time.GetUtcNow());
    }

    [Fact]
    public void A_periodic_timer_fires_each_time_in_turn_with_others()
    {
        Start("period", Second, 2 * Second);
        Start("once", 4 * Second);

        _time.Advance(5 * Second);

        Assert.Equal(["period 1", "period 3", "once 4", "period 5"], _fired);
    }

    [Fact]
    public void A_timer_fires_at_its_due_time_and_not_before()
    {
        Start("a", Second);

        _time.Advance(Second - TimeSpan.FromTicks(1));
        Assert.Empty(_fired);
        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(["a 1"], _fired);
    }

    [Fact]
    public void A_changed_timer_forgets_its_earlier_due_time()
    {
        var timer = Start("a", Second);
        Assert.True(timer.Change(3 * Second, Timeout.InfiniteTimeSpan));
        _time.Advance(2 * Second);
        Assert.Empty(_fired);
        _time.Advance(Second);
        Assert.Equal(["a 3"], _fired);
        Assert.True(timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));

        _time.Advance(10 * Second);

        Assert.Single(_fired);
    }

    [Fact]
    public void A_disposed_timer_does_not_fire()
    {
        var timer = Start("a", Second);
        timer.Dispose();

        _time.Advance(2 * Second);

        Assert.Empty(_fired);
        Assert.False(timer.Change(Second, Second));
    }

    [Fact]
    public void What_a_callback_arms_fires_in_the_same_advance_when_it_is_due()
    {
        using var timer = _time.CreateTimer(_ => Start("inner", Second), null, Second, Timeout.InfiniteTimeSpan);

        _time.Advance(2 * Second);

        Assert.Equal(["inner 2"], _fired);
    }

    [Fact]
    public async Task A_timer_without_delay_fires_without_an_advance()
    {
        var fired = new TaskCompletionSource();
        await using var timer = _time.CreateTimer(_ => fired.SetResult(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        await fired.Task.Within();
    }

    [Fact]
    public void Setting_the_clock_leaves_timers_and_timestamps_alone()
    {
        Start("a", 2 * Second);
        var timestamp = _time.GetTimestamp();
        _time.SetUtcNow(_time.GetUtcNow().AddHours(-1));
        Assert.Equal(new DateTimeOffset(2025, 12, 31, 23, 0, 0, TimeSpan.Zero), _time.GetUtcNow());
        Assert.Equal(timestamp, _time.GetTimestamp());

        _time.Advance(2 * Second);

        Assert.Single(_fired);
    }

    [Fact]
    public async Task Delays_and_time_limits_of_the_framework_follow_the_clock()
    {
        var delay = Task.Delay(Second, _time);
        var limited = new TaskCompletionSource().Task.WaitAsync(2 * Second, _time);
        using var source = new CancellationTokenSource(3 * Second, _time);
        _time.Advance(Second);
        await delay.Within();
        Assert.False(limited.IsCompleted);

        _time.Advance(2 * Second);

        await Assert.ThrowsAsync<TimeoutException>(() => limited.Within());
        Assert.True(source.IsCancellationRequested);
    }

    [Fact]
    public async Task Timers_may_be_made_and_the_clock_advanced_from_many_threads()
    {
        var count = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                _time.CreateTimer(_ => Interlocked.Increment(ref count), null, Second, Timeout.InfiniteTimeSpan);
                _time.Advance(TimeSpan.FromTicks(1));
            }
        }))).Within();

        _time.Advance(Second);

        Assert.Equal(4000, count);
    }

    private ITimer Start(string name, TimeSpan dueTime, TimeSpan? period = null)
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return _time.CreateTimer(
            _ => _fired.Add($"{name} {(_time.GetUtcNow() - start).TotalSeconds}"), null, dueTime, period ?? Timeout.InfiniteTimeSpan);
    }
}
