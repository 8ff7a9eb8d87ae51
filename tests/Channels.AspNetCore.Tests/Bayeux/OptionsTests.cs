using Channels.AspNetCore.Bayeux;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.Tests.Bayeux;

/// <summary>Wrong settings stop the host at start, each named. Source: docs/protocols/bayeux.md#sessions</summary>
public sealed class OptionsTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    /// <summary>Each setting with the values at both ends of its range and one past each.</summary>
    private static readonly Dictionary<string, (Action<BayeuxOptions>[] Good, Action<BayeuxOptions>[] Bad)> Settings = new()
    {
        [nameof(BayeuxOptions.Instance)] = (
            [options => options.Instance = new('i', 64)],
            [options => options.Instance = "", options => options.Instance = new('i', 65)]),
        [nameof(BayeuxOptions.MaxRequestBytes)] = Sizes((options, value) => options.MaxRequestBytes = (int)value, 1024, 16 * 1024 * 1024),
        [nameof(BayeuxOptions.MaxBatchMessages)] = Sizes((options, value) => options.MaxBatchMessages = (int)value, 1, 100_000),
        [nameof(BayeuxOptions.MaxSessions)] = Sizes((options, value) => options.MaxSessions = (int)value, 1, 10_000_000),
        [nameof(BayeuxOptions.MaxQueuedMessages)] = Sizes((options, value) => options.MaxQueuedMessages = (int)value, 1, 10_000_000),
        [nameof(BayeuxOptions.MaxQueuedBytes)] = Sizes((options, value) => options.MaxQueuedBytes = value, 1, 16L * 1024 * 1024 * 1024),
        [nameof(BayeuxOptions.Timeout)] = (
            [
                options => options.Timeout = TimeSpan.FromSeconds(5),
                options => options.Timeout = TimeSpan.FromMinutes(2),
                options => (options.Timeout, options.Interval) = (TimeSpan.Zero, TimeSpan.FromMilliseconds(100)),
            ],
            [
                options => options.Timeout = TimeSpan.FromSeconds(5) - Tick,
                options => options.Timeout = TimeSpan.FromMinutes(2) + Tick,
                options => options.Timeout = -Tick,
            ]),
        [nameof(BayeuxOptions.Interval)] = (
            [options => options.Interval = TimeSpan.Zero, options => options.Interval = TimeSpan.FromMinutes(1)],
            [
                options => options.Interval = -Tick,
                options => options.Interval = TimeSpan.FromMinutes(1) + Tick,
                options => options.Timeout = TimeSpan.Zero,
                options => (options.Timeout, options.Interval) = (TimeSpan.Zero, TimeSpan.FromMilliseconds(100) - Tick),
            ]),
        [nameof(BayeuxOptions.MaxInterval)] = Times((options, value) => options.MaxInterval = value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        [nameof(BayeuxOptions.MultiSessionInterval)] =
            Times((options, value) => options.MultiSessionInterval = value, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
        [nameof(BayeuxOptions.PreflightMaxAge)] = Times((options, value) => options.PreflightMaxAge = value, TimeSpan.Zero, TimeSpan.FromDays(1)),
        [nameof(BayeuxOptions.SocketIdleTimeout)] =
            Times((options, value) => options.SocketIdleTimeout = value, TimeSpan.FromSeconds(10), TimeSpan.FromDays(1)),
        [nameof(BayeuxOptions.KeepAliveInterval)] =
            Times((options, value) => options.KeepAliveInterval = value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        [nameof(BayeuxOptions.KeepAliveTimeout)] =
            Times((options, value) => options.KeepAliveTimeout = value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        [nameof(BayeuxOptions.PresenceGrace)] = Times((options, value) => options.PresenceGrace = value, TimeSpan.Zero, TimeSpan.FromDays(1)),
        [nameof(BayeuxOptions.CloseTimeout)] =
            Times((options, value) => options.CloseTimeout = value, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
        [nameof(BayeuxOptions.ChannelsWithoutEcho)] = Texts(
            (options, text) => options.ChannelsWithoutEcho.Add(text), ["/chat", "/chat/*", "/chat/**", "/**"], ["", "chat", "/a/*/b", "/meta/x", "/service/x", "/a?b"]),
        [nameof(BayeuxOptions.AllowedOrigins)] = Texts(
            (options, text) => options.AllowedOrigins.Add(text), ["https://app.example", "http://localhost:3000"], ["app.example", "*", "https://app.example/page"]),
        [nameof(BayeuxOptions.PublicUrl)] = Texts(
            (options, text) => options.PublicUrl = text,
            ["https://api.example", "http://api.example:8080/realtime"],
            ["", "api.example", "/realtime", "ftp://api.example", "https://api.example?x=1", "https://api.example#x", "https://me@api.example"]),
        [nameof(BayeuxOptions.Projects)] = (
            [options => options.Projects.Add(Project("acme", "game", "g", "g/w"))],
            [
                options => options.Projects.Add(Project("", "game")),
                options => options.Projects.Add(Project("acme", "")),
                options => options.Projects.Add(Project("ac/me", "game")),
                options => options.Projects.Add(Project("acme", "*")),
                options => options.Projects.Add(Project("acme", "game", group: "a/b")),
                options => options.Projects.Add(Project("acme", "game", world: "w")),
                options => options.Projects.Add(Project("acme", "game", world: "g/w/x")),
                options => options.Projects.Add(Project("acme", "game", user: "")),
            ]),
    };

    public static TheoryData<string> Names => [.. Settings.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_value_at_the_end_of_its_range_is_good_and_one_past_it_is_named(string name)
    {
        Assert.All(Settings[name].Good, configure => Assert.NotNull(Build(configure)));
        Assert.All(Settings[name].Bad, configure =>
        {
            var failure = Assert.Throws<OptionsValidationException>(() => Build(configure));
            Assert.Contains($"Property {name}:", Assert.Single(failure.Failures), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Every_setting_with_a_rule_is_checked_here()
    {
        // Switches, a number of which every value means something, and the cookie, which refuses a wrong name by itself.
        string[] free =
        [
            nameof(BayeuxOptions.MaxSessionsPerBrowser), nameof(BayeuxOptions.TrustsClientId), nameof(BayeuxOptions.RequireHandshakePerConnection),
            nameof(BayeuxOptions.DeliversWithAnyReply), nameof(BayeuxOptions.AllowJsonp), nameof(BayeuxOptions.AllowAnyOrigin), nameof(BayeuxOptions.AuthorizationRequired),
            nameof(BayeuxOptions.BrowserCookie),
        ];

        Assert.Equal(
            typeof(BayeuxOptions).GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal),
            Settings.Keys.Concat(free).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void All_errors_are_told_at_once()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Build(options => (options.MaxSessions, options.MaxRequestBytes, options.PublicUrl) = (0, 0, "x")));

        Assert.Equal(3, failure.Failures.Count());
    }

    [Fact]
    public async Task A_wrong_value_stops_the_host_at_start() =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => BayeuxServer.StartAsync(options => options.MaxQueuedBytes = 0)).Within();

    private static BayeuxOptions Build(Action<BayeuxOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddChannels().AddBayeux(configure);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<BayeuxOptions>>().Value;
    }

    private static (Action<BayeuxOptions>[] Good, Action<BayeuxOptions>[] Bad) Sizes(Action<BayeuxOptions, long> set, long least, long most) =>
        ([options => set(options, least), options => set(options, most)], [options => set(options, least - 1), options => set(options, most + 1)]);

    private static (Action<BayeuxOptions>[] Good, Action<BayeuxOptions>[] Bad) Times(Action<BayeuxOptions, TimeSpan> set, TimeSpan least, TimeSpan most) =>
        ([options => set(options, least), options => set(options, most)], [options => set(options, least - Tick), options => set(options, most + Tick)]);

    private static (Action<BayeuxOptions>[] Good, Action<BayeuxOptions>[] Bad) Texts(Action<BayeuxOptions, string> set, string[] good, string[] bad) =>
        ([.. good.Select(text => (Action<BayeuxOptions>)(options => set(options, text)))], [.. bad.Select(text => (Action<BayeuxOptions>)(options => set(options, text)))]);

    private static BayeuxProjectOptions Project(string account, string project, string group = "g", string world = "g/w", string user = "1") =>
        new() { Account = account, Project = project, Users = { new() { Id = user, Groups = { group }, Worlds = { world } } } };
}
