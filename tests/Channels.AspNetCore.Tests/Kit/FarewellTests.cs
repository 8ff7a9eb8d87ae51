using Channels.AspNetCore.Connections;
using Channels.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Channels.AspNetCore.Tests.Kit;

/// <summary>What a session says to its client after its end, and for how long.</summary>
public sealed class FarewellTests : IAsyncDisposable
{
    private const int MaxSessions = 3;

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private readonly ChannelsTestHost _host = ChannelsTestHost.Create();
    private readonly InstrumentSum _remembered = new("channels.sessions.remembered");
    private readonly SessionTable _sessions;

    public FarewellTests() => _sessions = Table(Lifetime);

    public async ValueTask DisposeAsync()
    {
        _sessions.Dispose();
        _remembered.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task It_is_told_from_the_end_on_and_forgotten_after_a_while()
    {
        var session = Open("a", "gone");
        Assert.Null(_sessions.FindFarewell("a"));

        session.Close();
        Assert.Equal("gone", _sessions.FindFarewell("a"));
        await session.Finished.Within();
        await ChannelsTestHost.EventuallyAsync(() => _sessions.Count == 0);
        Assert.Equal(1, _remembered.Value);

        _host.Time.Advance(Lifetime - TimeSpan.FromMilliseconds(1));
        Assert.Equal("gone", _sessions.FindFarewell("a"));
        _host.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(_sessions.FindFarewell("a"));
        Assert.Equal(0, _remembered.Value);
    }

    [Fact]
    public async Task Each_is_forgotten_in_its_own_time()
    {
        await EndAsync(Open("a", 1));
        _host.Time.Advance(Lifetime / 2);
        await EndAsync(Open("b", 2));
        _host.Time.Advance(Lifetime / 2);

        Assert.Equal((null, 2), (_sessions.FindFarewell("a"), _sessions.FindFarewell("b")));
        _host.Time.Advance(Lifetime / 2);
        Assert.Null(_sessions.FindFarewell("b"));
        Assert.Equal(0, _remembered.Value);
    }

    [Fact]
    public async Task As_many_are_remembered_as_there_may_be_sessions_and_not_one_more()
    {
        for (var i = 0; i < MaxSessions; i++)
        {
            await EndAsync(Open($"{i}", i));
        }

        Assert.Equal(0, _sessions.FindFarewell("0"));
        await EndAsync(Open("next", "next"));

        Assert.Null(_sessions.FindFarewell("0"));
        Assert.Equal((1, 2, "next"), (_sessions.FindFarewell("1"), _sessions.FindFarewell("2"), _sessions.FindFarewell("next")));
        Assert.Equal(MaxSessions, _remembered.Value);
        _host.Time.Advance(Lifetime);
        Assert.Equal(0, _remembered.Value);
    }

    [Fact]
    public async Task A_later_session_of_the_same_id_is_not_silenced_and_has_the_last_word()
    {
        await EndAsync(Open("a", "first"));
        _host.Time.Advance(Lifetime / 2);
        var again = Open("a", "second");
        Assert.Null(_sessions.FindFarewell("a"));
        await EndAsync(again);
        Assert.Equal("second", _sessions.FindFarewell("a"));

        // When the first one is forgotten, the second stays.
        _host.Time.Advance(Lifetime / 2);
        Assert.Equal("second", _sessions.FindFarewell("a"));
        Assert.Equal(1, _remembered.Value);
        _host.Time.Advance(Lifetime / 2);
        Assert.Null(_sessions.FindFarewell("a"));
        Assert.Equal(0, _remembered.Value);
    }

    [Fact]
    public async Task Whoever_has_nothing_to_say_is_not_remembered()
    {
        await EndAsync(Open("silent", farewell: null));
        Assert.Null(_sessions.FindFarewell("silent"));
        using var forgetful = Table(lifetime: default);
        await EndAsync(Open("a", "gone", forgetful), forgetful);
        Assert.Null(forgetful.FindFarewell("a"));
        Assert.Equal(0, _remembered.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("unknown")]
    public void Nobody_says_nothing(string? id) => Assert.Null(_sessions.FindFarewell(id));

    private SessionTable Table(TimeSpan lifetime) => new(
        new()
        {
            Protocol = "farewells",
            Time = _host.Clock,
            Logger = NullLogger.Instance,
            DetachedLifetime = TimeSpan.FromHours(1),
            CloseTimeout = TimeSpan.FromSeconds(5),
            MaxSessions = MaxSessions,
            FarewellLifetime = lifetime,
        },
        new(_remembered));

    private Session Open(string id, object? farewell, SessionTable? table = null)
    {
        var setup = new SessionSetup
        {
            Connection = _host.Connections.TryOpen(new() { Protocol = "farewells", Caller = ChannelCaller.Anonymous })!,
            Encode = static (in _) => default,
            Id = id,
            Farewell = _ => farewell,
        };
        Assert.Equal(SessionOpening.Opened, (table ?? _sessions).TryOpen(setup, out var session));
        return session!;
    }

    /// <summary>Ends a session and waits until nothing of it is left but its farewell.</summary>
    private async Task EndAsync(Session session, SessionTable? table = null)
    {
        session.Close();
        await ChannelsTestHost.EventuallyAsync(() => (table ?? _sessions).Count == 0);
    }
}
