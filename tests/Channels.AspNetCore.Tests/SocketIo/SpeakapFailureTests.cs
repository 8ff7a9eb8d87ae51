using System.Text.Json.Nodes;
using Channels.AspNetCore.SocketIo;
using Channels.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.AspNetCore.Tests.SocketIo;

/// <summary>What fails in the application: its authenticator, and what its handlers use.</summary>
public sealed class SpeakapFailureTests : IAsyncLifetime
{
    private const string Path = "/speakap";

    private readonly Server _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_command_that_fails_is_answered_as_a_command()
    {
        using var client = await SocketClient.JoinAsync(_server, Path);
        _server.Authenticator.Fails = true;
        Assert.StartsWith(
            """{"ok":false,"channels":[],"errors":[{"channel":null,"code":"unavailable",""",
            await SpeakapTests.CallAsync(client, "subscribe", "open-1", "ann-token"), StringComparison.Ordinal);
        Assert.Contains("Handling an event", Assert.Single(_server.Logs.Errors), StringComparison.Ordinal);
        _server.Logs.Clear();

        _server.Authenticator.Fails = false;
        Assert.Contains("\"ok\":true", await SpeakapTests.CallAsync(client, "subscribe", "open-1", "ann-token"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_that_cannot_be_checked_now_are_checked_the_next_time()
    {
        using var client = await SocketClient.JoinAsync(_server, Path);
        await SpeakapTests.CallAsync(client, "subscribe", "open-1", "ann-token");
        _server.Authenticator.Fails = true;
        _server.Time.Advance(TimeSpan.FromSeconds(10));
        await ChannelsTestHost.EventuallyAsync(() => _server.Logs.Warnings.Any(text => text.Contains("could not be checked", StringComparison.Ordinal)));

        // What the client asks for is still done, behind the check.
        await client.SendAsync("""421["ask"]""");
        Assert.Equal("431[1]", await client.ReadAsync());
        _server.Authenticator.Fails = false;
        _server.Authenticator.Knows = false;
        _server.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.StartsWith(
            """42["subscribe_error",{"channel":"open-1","code":"invalid_token",""", await client.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_one_answer_when_what_a_handler_used_cannot_be_disposed()
    {
        using var client = await SocketClient.JoinAsync(_server, Path);
        await client.SendAsync("""421["leak"]""");
        await client.SendAsync("""422["ask"]""");

        Assert.Equal("""431[{"error":"internal_error"}]""", await client.ReadAsync());
        Assert.Equal("432[1]", await client.ReadAsync());
        Assert.Single(_server.Logs.Errors);
        _server.Logs.Clear();
    }

    private sealed class Server : SocketIoServer
    {
        public Authenticator Authenticator { get; } = new();

        protected override void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels)
        {
            base.AddServices(builder, channels);
            builder.Services.AddSingleton<IChannelAuthenticator>(Authenticator).AddScoped<Leak>();
        }

        protected override void Configure(SocketIoOptions options)
        {
            options.Speakap.TokenCheckInterval = TimeSpan.FromSeconds(10);
            options.On("ask", (_, _) => new(JsonValue.Create(1)));
            options.On("leak", (received, _) => new(JsonValue.Create(received.Services.GetRequiredService<Leak>().Number)));
        }
    }

    private sealed class Authenticator : IChannelAuthenticator
    {
        public volatile bool Fails;
        public volatile bool Knows = true;

        public ValueTask<AuthenticationResult> AuthenticateAsync(ChannelCredentials credentials, CancellationToken cancellationToken) => credentials.Token switch
        {
            null => new(AuthenticationResult.Anonymous(AuthenticationStatus.NoCredentials)),
            _ when Fails => throw new InvalidOperationException("Not today."),
            _ when Knows => new(AuthenticationResult.Accepted(ChannelCaller.User("ann"))),
            _ => new(AuthenticationResult.Anonymous(AuthenticationStatus.Rejected)),
        };
    }

    private sealed class Leak : IDisposable
    {
        public int Number => 7;

        public void Dispose() => throw new InvalidOperationException("Not disposed.");
    }
}
