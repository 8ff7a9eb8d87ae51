using Channels.AspNetCore.Pusher;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.Tests.Pusher;

/// <summary>Every rule about settings, at its limits and one step past them.</summary>
public sealed class OptionsTests
{
    private const int MiB = 1024 * 1024;

    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan Tenth = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly Dictionary<string, Range> Ranges = new()
    {
        // Whole seconds: a step is one of them.
        [nameof(PusherOptions.ActivityTimeout)] = Of(Second, Hour, (o, v) => o.ActivityTimeout = v, Second),
        [nameof(PusherOptions.PongTimeout)] = Of(Second, Hour, (o, v) => o.PongTimeout = v),
        [nameof(PusherOptions.TimestampTolerance)] = Of(Second, TimeSpan.FromDays(1), (o, v) => o.TimestampTolerance = v),
        [nameof(PusherOptions.FallbackHeartbeat)] = Of(Second, FiveMinutes, (o, v) => o.FallbackHeartbeat = v),
        [nameof(PusherOptions.FallbackDisconnectDelay)] = Of(Second, FiveMinutes, (o, v) => o.FallbackDisconnectDelay = v),
        [nameof(PusherOptions.CloseTimeout)] = Of(Tenth, Minute, (o, v) => o.CloseTimeout = v),
        [nameof(PusherOptions.OfflineDelay)] = Of(TimeSpan.Zero, FiveMinutes, (o, v) => o.OfflineDelay = v),
        [nameof(PusherOptions.MaxClientMessageBytes)] = Of(1024, 16 * MiB, (o, v) => o.MaxClientMessageBytes = (int)v),
        [nameof(PusherOptions.MaxMessagesPerSend)] = Of(1, 10_000, (o, v) => o.MaxMessagesPerSend = (int)v),
        [nameof(PusherOptions.MaxRequestBytes)] = Of(1024, 16 * MiB, (o, v) => o.MaxRequestBytes = (int)v),
        [nameof(PusherOptions.MaxListedChannels)] = Of(1, 10_000_000, (o, v) => o.MaxListedChannels = (int)v),
        [nameof(PusherOptions.MaxConnections)] = Of(1, null, (o, v) => o.MaxConnections = (int)v),
        [nameof(PusherOptions.MaxStreamBytes)] = Of(MiB / 2, 1024L * MiB, (o, v) => o.MaxStreamBytes = v),
        [nameof(PusherOptions.MaxLagMessages)] = Of(1, 10_000_000, (o, v) => o.MaxLagMessages = (int)v),
        [nameof(PusherOptions.MaxLagBytes)] = Of(1, 16L * 1024 * MiB, (o, v) => o.MaxLagBytes = v),
        ["Webhooks:Timeout"] = Of(Tenth, FiveMinutes, (o, v) => o.Webhooks.Timeout = v),
        ["Webhooks:RetryFor"] = Of(TimeSpan.Zero, Hour, (o, v) => o.Webhooks.RetryFor = v),
        ["Webhooks:RetryDelay"] = Of(TimeSpan.FromMilliseconds(10), Minute, (o, v) => o.Webhooks.RetryDelay = v),
        ["Webhooks:LeaveDelay"] = Of(TimeSpan.Zero, Minute, (o, v) => o.Webhooks.LeaveDelay = v),
        ["Webhooks:BatchDelay"] = Of(TimeSpan.Zero, Minute, (o, v) => o.Webhooks.BatchDelay = v),
        ["Webhooks:MaxBatchEvents"] = Of(1, 10_000, (o, v) => o.Webhooks.MaxBatchEvents = (int)v),
        ["Webhooks:MaxQueuedEvents"] = Of(1, 1_000_000, (o, v) => o.Webhooks.MaxQueuedEvents = (int)v),
        ["Apps:0:AuthorizationTimeout"] = Of(Second, Hour, (o, v) => o.Apps[0].AuthorizationTimeout = v),
        ["Apps:0:MaxConnections"] = Of(1, null, (o, v) => o.Apps[0].MaxConnections = (int)v),
        ["Apps:0:Limits:MaxChannelNameLength"] = Of(1, 255, (o, v) => o.Apps[0].Limits.MaxChannelNameLength = (int)v),
        ["Apps:0:Limits:MaxEventNameLength"] = Of(1, 200, (o, v) => o.Apps[0].Limits.MaxEventNameLength = (int)v),
        ["Apps:0:Limits:MaxEventBytes"] = Of(1, MiB, (o, v) => o.Apps[0].Limits.MaxEventBytes = (int)v),
        ["Apps:0:Limits:MaxChannelsPerEvent"] = Of(1, 1000, (o, v) => o.Apps[0].Limits.MaxChannelsPerEvent = (int)v),
        ["Apps:0:Limits:MaxEventsPerBatch"] = Of(1, 1000, (o, v) => o.Apps[0].Limits.MaxEventsPerBatch = (int)v),
        ["Apps:0:Limits:MaxPresenceMembers"] = Of(1, 1_000_000, (o, v) => o.Apps[0].Limits.MaxPresenceMembers = (int)v),
        ["Apps:0:Limits:MaxUserIdLength"] = Of(1, 128, (o, v) => o.Apps[0].Limits.MaxUserIdLength = (int)v),
        ["Apps:0:Limits:MaxUserInfoBytes"] = Of(2, 64 * 1024, (o, v) => o.Apps[0].Limits.MaxUserInfoBytes = (int)v),
        ["Apps:0:Limits:ClientEventsPerSecond"] = Of(1, 10_000, (o, v) => o.Apps[0].Limits.ClientEventsPerSecond = (int)v),
        ["Apps:0:Limits:MaxWatchlist"] = Of(0, 1000, (o, v) => o.Apps[0].Limits.MaxWatchlist = (int)v),
        ["Apps:0:Id"] = OfLength(1, 100, (o, v) => o.Apps[0].Id = v),
        ["Apps:0:Key"] = OfLength(1, 100, (o, v) => o.Apps[0].Key = v),
        ["Apps:0:Secret"] = OfLength(8, null, (o, v) => o.Apps[0].Secret = v),
        ["Apps:0:NextSecret"] = OfLength(8, null, (o, v) => o.Apps[0].NextSecret = v),
    };

    private static readonly Dictionary<string, (string Name, Action<PusherOptions> Break)> Rules = new()
    {
        ["an activity timeout in part of a second"] = ("ActivityTimeout", o => o.ActivityTimeout = Second * 1.5),
        ["a fallback path without a slash"] = ("FallbackPath", o => o.FallbackPath = "pusher"),
        ["a fallback path that ends with a slash"] = ("FallbackPath", o => o.FallbackPath = "/pusher/"),
        ["an origin with a path"] = ("AllowedOrigins", o => o.AllowedOrigins.Add("https://app.example/path")),
        ["an id with a slash"] = ("Apps:0:Id", o => o.Apps[0].Id = "a/b"),
        ["an id with a control character"] = ("Apps:0:Id", o => o.Apps[0].Id = "a\n"),
        ["the id of another app"] = ("Apps:1:Id", o => o.Apps.Add(new() { Id = "1", Key = "other", Secret = "long enough" })),
        ["a key with another character"] = ("Apps:0:Key", o => o.Apps[0].Key = "a.b"),
        ["the key of another app"] = ("Apps:1:Key", o => o.Apps.Add(new() { Id = "2", Key = "key", Secret = "long enough" })),
        ["no instance"] = ("Apps:0:Instance", o => o.Apps[0].Instance = ""),
        ["a webhook without a URL"] = ("Apps:0:Webhooks:0:Url", o => o.Apps[0].Webhooks.Add(new())),
        ["a webhook of another scheme"] = ("Apps:0:Webhooks:0:Url", o => o.Apps[0].Webhooks.Add(new() { Url = "ftp://hook.example/" })),
        ["a webhook without TLS"] = ("Apps:0:Webhooks:0:Url", o => o.Apps[0].Webhooks.Add(new() { Url = "http://hook.example/" })),
        ["a webhook of another event"] = ("Apps:0:Webhooks:0:Events", o => o.Apps[0].Webhooks.Add(new() { Url = "https://hook.example/", Events = { "vanished" } })),
    };

    public static TheoryData<string> RangeNames => [.. Ranges.Keys];

    public static TheoryData<string> RuleNames => [.. Rules.Keys];

    [Fact]
    public void What_stands_in_the_documentation_is_valid()
    {
        var options = Valid();
        options.Apps[0].Webhooks.Add(new() { Url = "https://hook.example/", Events = { "channel_occupied", "cache_miss" } });
        options.Apps.Add(new() { Id = "2", Key = "a-Z_9", Secret = "12345678", NextSecret = "87654321", MaxConnections = 1 });
        options.AllowedOrigins.Add("https://app.example");
        options.FallbackPath = "";
        Assert.Empty(ErrorsOf(options));

        options.Webhooks.AllowHttp = true;
        options.Apps[0].Webhooks[0].Url = "http://hook.example/";
        Assert.Empty(ErrorsOf(options));
    }

    [Theory]
    [MemberData(nameof(RangeNames))]
    public void A_value_may_reach_its_limits_and_not_pass_them(string name)
    {
        var range = Ranges[name];
        Assert.Empty(ErrorsOf(Valid(range.Least)));
        Assert.Equal(name, NameOf(Assert.Single(ErrorsOf(Valid(range.TooSmall)))));
        Assert.Empty(ErrorsOf(Valid(range.Most)));
        if (range.TooLarge is { } tooLarge)
        {
            Assert.Equal(name, NameOf(Assert.Single(ErrorsOf(Valid(tooLarge)))));
        }
    }

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void What_makes_no_sense_is_refused_by_name(string what)
    {
        var (name, spoil) = Rules[what];
        Assert.Contains(name, ErrorsOf(Valid(spoil)).Select(NameOf));
    }

    [Fact]
    public void Every_setting_with_a_number_or_a_time_has_a_rule()
    {
        string[] found =
        [
            .. NumbersOf<PusherOptions>(""), .. NumbersOf<PusherWebhookDeliveryOptions>("Webhooks:"),
            .. NumbersOf<PusherAppOptions>("Apps:0:"), .. NumbersOf<PusherAppLimits>("Apps:0:Limits:"),
        ];
        Assert.Equal(found.Order(), Ranges.Keys.Where(name => !name.EndsWith("Secret", StringComparison.Ordinal) && name is not ("Apps:0:Id" or "Apps:0:Key")).Order());

        static IEnumerable<string> NumbersOf<T>(string path) => typeof(T).GetProperties()
            .Where(property => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is var type
                && (type == typeof(int) || type == typeof(long) || type == typeof(TimeSpan)))
            .Select(property => path + property.Name);
    }

    [Fact]
    public void All_errors_are_told_at_once_when_the_host_starts()
    {
        using var services = new ServiceCollection()
            .AddChannels().AddPusher(options =>
            {
                options.PongTimeout = default;
                options.MaxConnections = 0;
            })
            .Services.AddLogging().BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains("PongTimeout", exception.Message, StringComparison.Ordinal);
        Assert.Contains("MaxConnections", exception.Message, StringComparison.Ordinal);
    }

    private static PusherOptions Valid(Action<PusherOptions>? change = null)
    {
        var options = new PusherOptions { Apps = { new() { Id = "1", Key = "key", Secret = "a secret" } } };
        change?.Invoke(options);
        return options;
    }

    /// <summary>What the front end's own validator says, as the host asks it.</summary>
    private static List<string> ErrorsOf(PusherOptions options)
    {
        using var services = new ServiceCollection().AddChannels().AddPusher().Services.BuildServiceProvider();
        var validator = Assert.Single(services.GetServices<IValidateOptions<PusherOptions>>(), one => one.GetType().Name.StartsWith("Pusher", StringComparison.Ordinal));
        return [.. validator.Validate(Options.DefaultName, options).Failures ?? []];
    }

    /// <summary>The name that an error gives.</summary>
    private static string NameOf(string error) => error.Split(' ')[1].TrimEnd(':');

    private static Range Of(TimeSpan least, TimeSpan most, Action<PusherOptions, TimeSpan> set, TimeSpan? step = null) => new(
        o => set(o, least), o => set(o, least - (step ?? Tick)), o => set(o, most), o => set(o, most + (step ?? Tick)));

    private static Range Of(long least, long? most, Action<PusherOptions, long> set) => new(
        o => set(o, least), o => set(o, least - 1), o => set(o, most ?? int.MaxValue), most is { } value ? o => set(o, value + 1) : null);

    private static Range OfLength(int least, int? most, Action<PusherOptions, string> set) => new(
        o => set(o, new('s', least)), o => set(o, new('s', least - 1)), o => set(o, new('s', most ?? 1000)), most is { } value ? o => set(o, new('s', value + 1)) : null);

    private sealed record Range(Action<PusherOptions> Least, Action<PusherOptions> TooSmall, Action<PusherOptions> Most, Action<PusherOptions>? TooLarge);
}
