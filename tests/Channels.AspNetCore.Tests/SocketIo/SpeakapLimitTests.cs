using System.Text.Json.Nodes;
using Channels.AspNetCore.SocketIo;
using Channels.AspNetCore.SocketIo.Speakap;
using Channels.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.Tests.SocketIo;

/// <summary>Settings that are not the default: limits, one past each, handlers of the application, and checks of tokens.</summary>
public sealed class SpeakapLimitTests : IAsyncLifetime
{
    private const string Path = "/speakap";
    private const int MaxPendingBytes = 1000;

    private readonly Server _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task One_session_too_many_is_refused_and_told_when_to_come_back()
    {
        using var first = await SocketClient.OpenAsync(_server, Path, 4);
        await PollingClient.OpenAsync(_server, Path, 4);
        await PollingClient.OpenAsync(_server, Path, 4);

        var refused = (await _server.SendAsync("GET", $"{Path}/?EIO=4&transport=polling", key: null)).Expect(503);
        Assert.Equal("1", refused.Header("Retry-After"));
        first.Socket.Abort();
        await OpenFreedAsync().Within();

        // The place is free once the session has let go of everything, a moment after its connection.
        async Task OpenFreedAsync()
        {
            while ((await _server.SendAsync("GET", $"{Path}/?EIO=4&transport=polling", key: null)).Status == 503)
            {
            }
        }
    }

    [Fact]
    public async Task One_channel_too_many_is_refused_alone()
    {
        using var client = await SocketClient.JoinAsync(_server, Path);
        var answer = await SpeakapTests.CallAsync(client, "subscribe", "open-1 open-2 open-3 open-4 open-1", SocketIoServer.BobToken);
        Assert.Contains("""["open-1","open-2","open-3"],"errors":[{"channel":"open-4","code":"too_many_channels",""", answer, StringComparison.Ordinal);

        Assert.Contains("\"ok\":true", await SpeakapTests.CallAsync(client, "unsubscribe", "open-1", null), StringComparison.Ordinal);
        Assert.Contains("\"ok\":true", await SpeakapTests.CallAsync(client, "subscribe", "open-4 open-2", SocketIoServer.BobToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_is_too_large_is_malformed()
    {
        using var client = await SocketClient.JoinAsync(_server, Path);
        var padding = new string(' ', 256 - """{"channel":"open-1","accessToken":"bob-token-2"}""".Length);

        Assert.Contains("\"ok\":true", await SpeakapTests.CallAsync(client, "subscribe", $"open-1{padding}", SocketIoServer.BobToken), StringComparison.Ordinal);
        Assert.Contains("bad_request", await SpeakapTests.CallAsync(client, "subscribe", $"open-1{padding} ", SocketIoServer.BobToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_byte_too_many_in_a_request_is_too_large_and_harmless()
    {
        var client = await PollingClient.OpenAsync(_server, Path, 4);
        (await client.PostAsync($"6{new string('x', 2047)}")).Expect(200, "ok");
        (await client.PostAsync($"6{new string('x', 2048)}")).Expect(413, "");
        (await client.PostAsync("40")).Expect(200, "ok");
    }

    [Fact]
    public async Task One_message_too_many_for_a_client_that_does_not_poll_ends_its_session()
    {
        var client = await PollingClient.OpenAsync(_server, Path, 4);
        await client.SendAsync("40", """421["subscribe",{"channel":"open-1","accessToken":"bob-token-2"}]""");
        Assert.Equal(2, (await client.ReadAsync(2)).Count);
        for (var number = 0; number < 6; number++)
        {
            await _server.PublishAsync("open-1", $"{number}");
        }

        await ChannelsTestHost.EventuallyAsync(() => _server.Connections.Count == 0);
        (await client.PollAsync()).Expect(400);
    }

    [Fact]
    public async Task Every_notification_may_have_one_name()
    {
        using var client = await SocketClient.JoinAsync(_server, Path);
        await SpeakapTests.CallAsync(client, "subscribe", "open-1", SocketIoServer.BobToken);
        foreach (var payload in new[] { """ {"a":1}""", "{ }", "[1]", "null" })
        {
            await _server.PublishAsync("open-1", payload);
        }

        Assert.Equal("""42["notification",{"channel":"open-1","a":1}]""", await client.ReadAsync());
        Assert.Equal("""42["notification",{"channel":"open-1" }]""", await client.ReadAsync());
        Assert.Equal("""42["notification",[1]]""", await client.ReadAsync());
        Assert.Equal("""42["notification",null]""", await client.ReadAsync());
    }

    [Fact]
    public async Task Tokens_may_be_checked_again()
    {
        using var client = await SocketClient.JoinAsync(_server, Path);
        await SpeakapTests.CallAsync(client, "subscribe", "open-1 alerts:2 user_timeline:2:9", SocketIoServer.BobToken);
        _server.MayFollowUsers = false;
        _server.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.StartsWith(
            """42["subscribe_error",{"channel":"user_timeline:2:9","code":"forbidden",""", await client.ReadAsync(), StringComparison.Ordinal);
        await _server.PublishAsync("user_timeline:2:9", "1");
        await _server.PublishAsync("alerts:2", "2");
        Assert.Equal("""42["notification",2]""", await client.ReadAsync());
    }

    [Fact]
    public async Task The_application_handles_events_one_at_a_time_in_scopes_of_their_own()
    {
        using var client = await SocketClient.JoinAsync(_server, Path);
        await client.SendAsync("""421["ask",{"q":"é"},[2]]""");
        Assert.Equal("""431[{"name":"ask","arguments":2,"first":"{\"q\":\"é\"}","caller":"Anonymous","scopes":1}]""", Normal(await client.ReadAsync()));
        await client.SendAsync("""422["slow"]""");
        await client.SendAsync("""423["ask",1]""");
        await client.SendAsync("""424["ask",2]""");
        await client.SendAsync("40/admin");
        Assert.StartsWith("40/admin,", await client.ReadAsync(), StringComparison.Ordinal);
        await client.SendAsync("""42/admin,7["ask","other namespace"]""");
        Assert.StartsWith("43/admin,7[", await client.ReadAsync(), StringComparison.Ordinal);
        _server.Slow.SetResult();
        Assert.Equal("432[]", await client.ReadAsync());
        Assert.StartsWith("433[", await client.ReadAsync(), StringComparison.Ordinal);
        Assert.StartsWith("434[", await client.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_event_too_many_waits_with_everything_behind_it()
    {
        // One is handled and two wait; with a third that waits nothing more is received. Clients of revision 3 ask whether the server is there.
        using var client = await SocketClient.OpenAsync(_server, Path, 3);
        Assert.Equal("40", await client.ReadAsync());
        await client.SendAsync("""421["slow"]""");
        await client.SendAsync("""422["ask"]""");
        await client.SendAsync("""423["ask"]""");
        await client.SendAsync("2");
        Assert.Equal("3", await client.ReadAsync());
        await client.SendAsync("""424["ask"]""");
        await client.SendAsync("2");
        var next = client.ReadAsync();
        await _server.PublishAsync("open-1", "1");
        Assert.False(next.IsCompleted);

        _server.Slow.SetResult();
        var received = new List<string?> { await next };
        while (received.Count < 5)
        {
            received.Add(await client.ReadAsync());
        }

        Assert.Contains("3", received);
        Assert.Equal(["431", "432", "433", "434"], received.Where(text => text != "3").Select(text => text![..3]));
    }

    [Fact]
    public async Task One_byte_too_many_waits_with_everything_behind_it()
    {
        using var client = await SocketClient.OpenAsync(_server, Path, 3);
        Assert.Equal("40", await client.ReadAsync());
        await client.SendAsync("""421["slow"]""");
        await _server.SlowStarted.Task.Within();
        await client.SendAsync($"""422["a","{new string('x', MaxPendingBytes - 4)}"]""");
        await client.SendAsync("2");
        Assert.Equal("3", await client.ReadAsync());
        await client.SendAsync("423[1]");
        await client.SendAsync("2");
        var next = client.ReadAsync();
        await _server.PublishAsync("open-1", "1");
        Assert.False(next.IsCompleted);

        _server.Slow.SetResult();
        Assert.Equal(["3", "431[]"], new[] { await next, await client.ReadAsync() }.Order());
    }

    [Fact]
    public async Task A_socket_does_not_take_over_while_a_request_is_being_received()
    {
        var client = await PollingClient.OpenAsync(_server, Path, 4);
        await client.SendAsync("40");
        await client.ReadAsync();
        var posting = client.SendAsync(["""421["slow"]""", .. Enumerable.Repeat("""42["a"]""", 4), """422["ask"]"""]);
        await _server.SlowStarted.Task.Within();
        using var socket = await SocketClient.OpenAsync(_server, Path, 4, $"&sid={client.Sid}");
        await socket.SendAsync("2probe");
        Assert.Equal("3probe", await socket.ReadAsync());
        await socket.SendAsync("5");

        Assert.Null(await socket.ReadAsync());
        _server.Slow.SetResult();
        await posting.Within();
        var answers = (await client.ReadAsync(2)).Where(packet => packet != "6").ToList();
        answers.AddRange(answers.Count < 2 ? await client.ReadAsync(1) : []);
        Assert.Equal(["431", "432"], answers.Select(packet => packet[..3]));
    }

    [Fact]
    public async Task Clients_are_told_when_the_server_is_busy_and_when_it_is_not()
    {
        using var client = await SocketClient.JoinAsync(_server, Path);
        await SpeakapTests.CallAsync(client, "subscribe", "config", SocketIoServer.AliceToken);
        await using (var much = Open())
        {
            await _server.AdvanceUntilAsync(() => _server.Services.GetRequiredService<IChannelLoad>().IsOverloaded, TimeSpan.FromMilliseconds(500));
            Assert.Equal("""42["notification",{"channel":"config","type":"servers_busy"}]""", await client.ReadAsync());
        }

        await _server.AdvanceUntilAsync(() => !_server.Services.GetRequiredService<IChannelLoad>().IsOverloaded, TimeSpan.FromMilliseconds(500));
        Assert.Equal("""42["notification",{"channel":"config","type":"servers_normal"}]""", await client.ReadAsync());

        IAsyncDisposable Open() => new Held([.. Enumerable.Range(0, 8)
            .Select(_ => _server.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!)]);
    }

    [Fact]
    public async Task One_event_too_many_in_a_while_is_refused_and_closes_nothing()
    {
        await using var throttled = new ThrottledServer();
        await throttled.InitializeAsync();
        using var client = await SocketClient.JoinAsync(throttled, Path);
        Assert.Contains("\"ok\":true", await SpeakapTests.CallAsync(client, "subscribe", "open-1", SocketIoServer.BobToken), StringComparison.Ordinal);
        Assert.Contains("\"ok\":true", await SpeakapTests.CallAsync(client, "subscribe", "open-2", SocketIoServer.BobToken), StringComparison.Ordinal);
        Assert.Contains("too_many_requests", await SpeakapTests.CallAsync(client, "subscribe", "open-3", SocketIoServer.BobToken), StringComparison.Ordinal);
        await client.SendAsync("""421["own"]""");
        Assert.Equal("""431[{"error":"too_many_requests"}]""", await client.ReadAsync());
        await throttled.PublishAsync("open-2", "1");
        Assert.Equal("""42["open-2",1]""", await client.ReadAsync());

        await PollingClient.OpenAsync(throttled, Path, 4);
        var refused = (await throttled.SendAsync("GET", $"{Path}/?EIO=4&transport=polling", key: null)).Expect(503, """{"code":4,"message":"No more sessions can be served now"}""");
        Assert.Equal("1", refused.Header("Retry-After"));
    }

    [Fact]
    public async Task A_handler_that_throws_answers_an_error_and_disturbs_nothing()
    {
        using var client = await SocketClient.JoinAsync(_server, Path);
        await client.SendAsync("""421["fail"]""");
        Assert.Equal("""431[{"error":"internal_error"}]""", await client.ReadAsync());
        Assert.Contains("Handling an event", Assert.Single(_server.Logs.Errors), StringComparison.Ordinal);
        Assert.DoesNotContain("secret payload", _server.Logs.Errors[0].Split("System.")[0], StringComparison.Ordinal);
        _server.Logs.Clear();
        await client.SendAsync("""422["ask"]""");
        Assert.StartsWith("432[", await client.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_event_does_is_cancelled_when_its_client_leaves()
    {
        using var client = await SocketClient.JoinAsync(_server, Path);
        await client.SendAsync("""42["wait"]""");
        await _server.Waiting.Task.Within();
        client.Socket.Abort();

        await _server.Cancelled.Task.Within();
    }

    [Fact]
    public void Wrong_settings_are_all_named()
    {
        var result = new ServiceCollection()
            .AddChannels()
            .AddSocketIo(options =>
            {
                options.PingInterval = TimeSpan.Zero;
                options.MaxMessageBytes = 1;
                options.RetryAfter = TimeSpan.FromSeconds(1.5);
                options.MaxPendingBytes = -1;
                options.Instance = "";
                options.AllowedOrigins.Add("no origin");
                options.Speakap.EventName = "connect";
                options.Speakap.TokenCheckInterval = TimeSpan.Zero;
            })
            .AddSocketIo().Services.BuildServiceProvider();
        var failure = Assert.Throws<OptionsValidationException>(() => result.GetRequiredService<IOptions<SocketIoOptions>>().Value);

        string[] names = ["PingInterval", "MaxMessageBytes", "RetryAfter", "MaxPendingBytes", "Instance", "AllowedOrigins", "Speakap.EventName", "Speakap.TokenCheckInterval"];
        Assert.All(names, name => Assert.Contains(failure.Failures, text => text.Contains(name, StringComparison.Ordinal)));
        Assert.Throws<ArgumentException>(() => new SocketIoOptions().On("subscribe", (_, _) => default));
        Assert.Throws<ArgumentException>(() => new SocketIoOptions().On("connect", (_, _) => default));
        Assert.Throws<ArgumentException>(() => new SocketIoOptions().On("admin", "x", (_, _) => default));
    }

    [Fact]
    public void Mapping_without_adding_names_the_missing_call()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddChannels();
        using var app = builder.Build();

        Assert.Contains("AddSocketIo()", Assert.Throws<InvalidOperationException>(() => app.MapSocketIoEndpoints()).Message, StringComparison.Ordinal);
    }

    private static string? Normal(string? text) => text?.Replace("\\u0022", "\\\"", StringComparison.Ordinal).Replace("\\u00E9", "é", StringComparison.Ordinal);

    private sealed class Held(IReadOnlyList<IChannelConnection> connections) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var connection in connections)
            {
                await connection.DisposeAsync();
            }
        }
    }

    private sealed class ThrottledServer : SocketIoServer
    {
        protected override void ConfigureEngine(ChannelsOptions options)
        {
            base.ConfigureEngine(options);
            options.Limits[SocketIoLimits.Events] = new() { Scope = LimitScope.Connection, Permits = 2, Period = TimeSpan.FromMinutes(1) };
            options.Limits[SocketIoLimits.Sessions] = new() { Scope = LimitScope.Remote, Permits = 2, Period = TimeSpan.FromMinutes(1) };
        }

        protected override void Configure(SocketIoOptions options) => options.On("own", (_, _) => default);
    }

    private sealed class Server : SocketIoServer
    {
        public bool MayFollowUsers { get; set; } = true;

        public TaskCompletionSource Slow { get; } = new();

        public TaskCompletionSource SlowStarted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override void ConfigureEngine(ChannelsOptions options)
        {
            base.ConfigureEngine(options);
            options.MaxConnections = 10;
        }

        protected override void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels)
        {
            base.AddServices(builder, channels);
            builder.Services.AddScoped<Scoped>();
        }

        protected override void Configure(SocketIoOptions options)
        {
            options.MaxSessions = 3;
            options.Speakap.SignalsLoad = true;
            options.MaxMessageBytes = 2048;
            options.MaxQueuedMessages = 5;
            options.MaxPendingEvents = 3;
            options.MaxPendingBytes = MaxPendingBytes;
            options.Speakap.MaxChannels = 3;
            options.Speakap.MaxCommandBytes = 256;
            options.Speakap.EventName = "notification";
            options.Speakap.TokenCheckInterval = TimeSpan.FromSeconds(10);
            options.Speakap.Allow(SpeakapFamily.UserTimeline, _ => MayFollowUsers);
            options.On("ask", Ask).On("/admin", "ask", Ask);
            options.On("fail", (_, _) => throw new InvalidOperationException("secret payload"));
            options.On("slow", async (_, _) =>
            {
                SlowStarted.SetResult();
                await Slow.Task.Within();
                return null;
            });
            options.On("wait", async (_, cancellationToken) =>
            {
                var gone = new TaskCompletionSource();
                await using var told = cancellationToken.Register(() => gone.TrySetResult());
                Waiting.SetResult();
                await gone.Task.Within();
                Cancelled.SetResult();
                return null;
            });
        }

        private static ValueTask<JsonNode?> Ask(SocketIoEvent received, CancellationToken cancellationToken) => new(new JsonObject
        {
            ["name"] = received.Name,
            ["arguments"] = received.Arguments.Count,
            ["first"] = received.Arguments.Count > 0 ? received.Arguments[0].GetRawText() : null,
            ["caller"] = received.Caller.Kind.ToString(),
            ["scopes"] = received.Services.GetRequiredService<Scoped>().Uses++ + 1,
        });

        private sealed class Scoped
        {
            public int Uses { get; set; }
        }
    }
}
