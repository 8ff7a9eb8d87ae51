using Channels.Testing;

namespace Channels.AspNetCore.Tests.Kit;

public sealed class DeadlineQueueTests
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(100);

    [Fact]
    public void Each_comes_once_in_its_time_unless_it_is_removed()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            new Sequence(seed).Run();
        }
    }

    [Fact]
    public void One_that_may_be_late_is_punctual_when_it_is_alone()
    {
        var time = new ManualTimeProvider();
        using var queue = new DeadlineQueue(time);
        for (var round = 0; round < 3; round++)
        {
            time.Advance(TimeSpan.FromMilliseconds(7));
            var deadline = new Noted(time);
            queue.Add(deadline, TimeSpan.FromSeconds(1), Tolerance);
            time.Advance(TimeSpan.FromMilliseconds(999));
            Assert.Null(deadline.CameAt);
            time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.NotNull(deadline.CameAt);
        }
    }

    [Fact]
    public void Many_that_may_be_late_come_together()
    {
        var time = new ManualTimeProvider();
        using var queue = new DeadlineQueue(time);
        var deadlines = new List<Noted>();
        for (var i = 0; i < 100; i++)
        {
            var deadline = new Noted(time);
            queue.Add(deadline, TimeSpan.FromSeconds(10), Tolerance);
            deadlines.Add(deadline);
            time.Advance(TimeSpan.FromMilliseconds(10));
        }

        time.Advance(TimeSpan.FromSeconds(10));

        // The first is alone; then ten at a time.
        Assert.Equal(11, deadlines.Select(deadline => deadline.CameAt!.Value).Distinct().Count());
    }

    [Fact]
    public void One_that_another_removes_at_the_same_moment_does_not_come()
    {
        var time = new ManualTimeProvider();
        using var queue = new DeadlineQueue(time);
        var second = new Noted(time);
        queue.Add(new Acting(() => queue.Remove(second)), TimeSpan.FromSeconds(1));
        queue.Add(second, TimeSpan.FromSeconds(1));

        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(second.CameAt);
    }

    [Fact]
    public void Nothing_comes_after_the_end()
    {
        var time = new ManualTimeProvider();
        var queue = new DeadlineQueue(time);
        var (before, after) = (new Noted(time), new Noted(time));
        queue.Add(before, TimeSpan.FromSeconds(1));
        queue.Dispose();
        queue.Add(after, TimeSpan.FromSeconds(1));

        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Null(before.CameAt);
        Assert.Null(after.CameAt);
    }

    /// <summary>Adds, removes and lets time pass at random, and compares with when each has to come.</summary>
    private sealed class Sequence(int seed)
    {
        private static readonly int[] Durations = [1, 2, 50, 1_000, 1_000, 1_000, 5_000];

        private readonly Random _random = new(seed);
        private readonly ManualTimeProvider _time = new();
        private readonly List<(Noted Deadline, TimeSpan Due, TimeSpan Tolerance)> _added = [];
        private readonly HashSet<Noted> _removed = [];

        public void Run()
        {
            using var queue = new DeadlineQueue(_time);
            for (var step = 0; step < 300; step++)
            {
                switch (_random.Next(10))
                {
                    case < 6:
                        Add(queue);
                        break;
                    case < 8 when _added.Count > 0:
                        Remove(queue);
                        break;
                    default:
                        _time.Advance(TimeSpan.FromMilliseconds(_random.Next(200)));
                        Check();
                        break;
                }
            }

            _time.Advance(TimeSpan.FromMinutes(1));
            Check();
        }

        private void Add(DeadlineQueue queue)
        {
            // Many durations of their own among the usual ones, as of callers that choose how long they wait.
            var duration = TimeSpan.FromMilliseconds(_random.Next(4) == 0 ? _random.Next(1, 3_000) : Durations[_random.Next(Durations.Length)]);
            var tolerance = _random.Next(2) == 0 ? TimeSpan.Zero : Tolerance;
            var deadline = new Noted(_time);
            queue.Add(deadline, duration, tolerance);
            _added.Add((deadline, queue.Now + duration, tolerance));
        }

        private void Remove(DeadlineQueue queue)
        {
            var (deadline, _, _) = _added[_random.Next(_added.Count)];
            queue.Remove(deadline);
            if (deadline.CameAt is null)
            {
                _removed.Add(deadline);
            }
        }

        private void Check()
        {
            var now = TimeSpan.FromTicks(_time.GetTimestamp());
            foreach (var (deadline, due, tolerance) in _added)
            {
                if (_removed.Contains(deadline))
                {
                    Assert.Null(deadline.CameAt);
                }
                else if (deadline.CameAt is { } came)
                {
                    Assert.InRange(came, due, due + (tolerance > TimeSpan.Zero ? tolerance - TimeSpan.FromTicks(1) : TimeSpan.Zero));
                }
                else
                {
                    Assert.True(due + tolerance > now, $"seed {seed}: due at {due}, it is {now}");
                }
            }
        }
    }

    private sealed class Noted(ManualTimeProvider time) : Deadline
    {
        public TimeSpan? CameAt { get; private set; }

        public override void OnDue()
        {
            Assert.Null(CameAt);
            CameAt = TimeSpan.FromTicks(time.GetTimestamp());
        }
    }

    private sealed class Acting(Action action) : Deadline
    {
        public override void OnDue() => action();
    }
}
