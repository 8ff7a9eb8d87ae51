using Channels.Testing;
using Channels.TestSupport;

namespace Channels.Engine.Tests.Polling;

/// <summary>Random schedules of everything that ends a poll, against a model of what should end it.</summary>
public sealed class PollModelTests
{
    private const int Schedules = 200;
    private const int Steps = 60;
    private static readonly TimeSpan Retention = TimeSpan.FromMinutes(10);
    private static readonly ChannelDescriptor Channel = new() { Name = "a", RetainAge = Retention };

    [Fact]
    public async Task Every_poll_ends_by_what_should_end_it()
    {
        for (var seed = 0; seed < Schedules; seed++)
        {
            try
            {
                await using var model = new Model(new Random(seed));
                await model.RunAsync();
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}: {exception.Message}", exception);
            }
        }
    }

    private sealed class Model(Random random) : IAsyncDisposable
    {
        private readonly ChannelsTestHost _host = ChannelsTestHost.Create(options: o => o.TailMessages = random.Next(1, 8));
        private readonly List<Published> _published = [];
        private readonly List<Poll> _parked = [];
        private bool _exists;

        public ValueTask DisposeAsync() => _host.DisposeAsync();

        public async Task RunAsync()
        {
            for (var step = 0; step < Steps; step++)
            {
                switch (random.Next(10))
                {
                    case < 3:
                        await PublishAsync();
                        break;
                    case < 7:
                        await PollAsync();
                        break;
                    case 7:
                        await CancelAsync();
                        break;
                    case 8:
                        await AdvanceAsync(TimeSpan.FromSeconds(random.Next(1, 200)));
                        break;
                    default:
                        await ToggleAsync();
                        break;
                }

                Assert.All(_parked, poll => Assert.False(poll.Task.IsCompleted, "A poll ended without reason."));
            }

            await _host.Maintenance.DrainAsync().Within();
            await EndAsync(_parked, PollOutcome.Draining);
        }

        private async Task PublishAsync()
        {
            var result = await _host.Channels.TryPublishAsync("a", new()).Within();
            Assert.Equal(_exists ? PublishStatus.Published : PublishStatus.NotFound, result.Status);
            if (result.Message is not { } message)
            {
                return;
            }

            _published.Add(new(message.Id, message.ExpiresAt));
            var ended = _parked.FindAll(poll => poll.After < message.Id);
            foreach (var poll in ended)
            {
                Assert.Equal(message.Id, (await poll.Task.Within()).Message?.Id);
            }

            await EndAsync(ended, PollOutcome.Message);
        }

        private async Task PollAsync()
        {
            var after = random.Next(3) == 0 || _published.Count == 0 ? (long?)null : _published[random.Next(_published.Count)].Id + random.Next(-1, 2);
            var window = TimeSpan.FromSeconds(random.Next(1, 300));
            var leaving = new CancellationTokenSource();
            var task = _host.Channels.PollAsync("a", after is { } id ? new(id) : null, window, leaving.Token).AsTask();
            var poll = new Poll(task, after ?? _published.LastOrDefault()?.Id ?? 0, _host.Time.GetUtcNow() + window, leaving);
            if (!_exists)
            {
                Assert.Equal(AccessStatus.NotFound, (await task.Within()).Access);
            }
            else if (after is not null && _published.Find(message => message.Id > after && IsVisible(message)) is { } found)
            {
                var result = await task.Within();
                Assert.Equal((PollOutcome.Message, found.Id), (result.Outcome, result.Message?.Id));
                Assert.Equal(
                    _published.Exists(gone => gone.Id > after && gone.Id < found.Id && !IsVisible(gone)),
                    result.Gap is { } gap && gap.Requested.Value == after && gap.Oldest.Value < found.Id);
            }
            else
            {
                _parked.Add(poll);
            }
        }

        private async Task CancelAsync()
        {
            if (_parked.Count == 0)
            {
                return;
            }

            var poll = _parked[random.Next(_parked.Count)];
            await poll.Leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll.Task.Within());
            _parked.Remove(poll);
        }

        private async Task AdvanceAsync(TimeSpan by)
        {
            _host.Time.Advance(by);
            await EndAsync(_parked.FindAll(poll => poll.Deadline <= _host.Time.GetUtcNow()), PollOutcome.WindowClosed);
        }

        private async Task ToggleAsync()
        {
            if (_exists)
            {
                await _host.Channels.Catalog.DeleteAsync("a").Within();
                _published.ForEach(message => message.IsDeleted = true);
                await EndAsync(_parked, PollOutcome.ChannelDeleted);
            }
            else
            {
                await _host.Channels.Catalog.CreateAsync(Channel).Within();
            }

            _exists = !_exists;
        }

        private async Task EndAsync(List<Poll> ended, PollOutcome outcome)
        {
            foreach (var poll in ended.ToArray())
            {
                Assert.Equal(outcome, (await poll.Task.Within()).Outcome);
                poll.Leaving.Dispose();
                _parked.Remove(poll);
            }
        }

        private bool IsVisible(Published message) => !message.IsDeleted && message.ExpiresAt > _host.Time.GetUtcNow();
    }

    private sealed record Published(long Id, DateTimeOffset ExpiresAt)
    {
        public bool IsDeleted { get; set; }
    }

    private sealed record Poll(Task<PollResult> Task, long After, DateTimeOffset Deadline, CancellationTokenSource Leaving);
}
