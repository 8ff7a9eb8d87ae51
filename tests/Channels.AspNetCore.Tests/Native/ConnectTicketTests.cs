using Channels.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Channels.AspNetCore.Tests.Native;

public sealed class ConnectTicketTests(ConnectTicketTests.Server server) : IClassFixture<ConnectTicketTests.Server>
{
    private const string Invalid = """{"detail":"Invalid ticket."}""";

    [Fact]
    public async Task A_ticket_opens_one_stream()
    {
        await server.CreateAsync("one", ChannelPermission.Subscribe);
        var ticket = await IssueAsync();
        using var socket = await server.ConnectAsync($"stream/?channel=one&ticket={ticket}");
        Assert.NotNull(await socket.ReadTextAsync());
        (await server.SendAsync("GET", $"stream/?channel=one&ticket={ticket}", key: null, headers: ("Accept", "text/event-stream"))).Expect(403, Invalid);
        await socket.CloseAsync();
    }

    [Fact]
    public async Task A_ticket_serves_one_poll_with_the_rights_of_its_owner()
    {
        await server.CreateAsync("polls", group: "1", members: ChannelPermission.Subscribe);
        await server.PublishAsync("polls", "{}");
        (await server.GetAsync($"channels/polls/poll/?last_id=0&ticket={await IssueAsync(Keys.Api, Keys.Alice)}", key: null)).Expect(200);
        (await server.GetAsync($"channels/polls/poll/?last_id=0&ticket={await IssueAsync()}", key: null))
            .Expect(403, """{"detail":"You do not have permission to perform this action."}""");
        (await server.GetAsync("channels/polls/poll/?last_id=0&ticket=nonsense", Keys.Admin)).Expect(403, Invalid);
    }

    [Fact]
    public async Task A_ticket_is_valid_for_thirty_seconds()
    {
        await server.CreateAsync("time", ChannelPermission.Subscribe);
        await server.PublishAsync("time", "{}");
        var inTime = await IssueAsync();
        server.Time.Advance(TimeSpan.FromSeconds(29));
        (await server.GetAsync($"channels/time/poll/?last_id=0&ticket={inTime}", key: null)).Expect(200);
        var late = await IssueAsync();
        server.Time.Advance(TimeSpan.FromSeconds(30));
        (await server.GetAsync($"channels/time/poll/?last_id=0&ticket={late}", key: null)).Expect(403, Invalid);
    }

    [Fact]
    public async Task A_ticket_is_good_for_its_instance_and_for_reading_only()
    {
        await server.CreateAsync("only", ChannelPermission.Publish);
        (await server.GetAsync($"/v1.1/instances/{Keys.OtherInstance}/channels/?ticket={await IssueAsync()}", key: null)).Expect(403, Invalid);
        (await server.PostAsync($"channels/only/publish/?ticket={await IssueAsync()}", "{}", key: null)).Expect(403);
        (await server.PostAsync($"connect-tickets/?ticket={await IssueAsync()}", "", key: null)).Expect(403);
    }

    [Fact]
    public async Task The_answer_is_not_cached_and_tickets_do_not_repeat()
    {
        var answer = (await server.PostAsync("connect-tickets/", "", Keys.Api, Keys.Bob)).Expect(201);
        Assert.Matches("""^\{"ticket":"[A-Za-z0-9_-]{43}","expires_in":30\}$""", answer.Body);
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.NotEqual(answer.Json.GetProperty("ticket").GetString(), await IssueAsync());
        server.Time.Advance(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Unused_tickets_are_bounded()
    {
        server.Time.Advance(TimeSpan.FromMinutes(1));
        var tickets = new List<string>();
        for (var i = 0; i < Server.MaxTickets; i++)
        {
            tickets.Add(await IssueAsync());
        }

        var refused = await server.PostAsync("connect-tickets/", "", Keys.Api, Keys.Bob);
        refused.Expect(503, """{"detail":"Too many tickets are unused."}""");
        Assert.Equal("1", refused.Header("Retry-After"));

        (await server.GetAsync($"channels/?ticket={tickets[0]}", key: null)).Expect(200);
        await IssueAsync();
        server.Time.Advance(TimeSpan.FromSeconds(30));
        await IssueAsync();
        server.Time.Advance(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_key_that_was_withdrawn_meanwhile_is_withdrawn_from_its_tickets()
    {
        var ticket = await IssueAsync(Server.Withdrawn);
        server.Withdraw();
        (await server.GetAsync($"channels/?ticket={ticket}", key: null)).Expect(403, """{"detail":"No such API Key."}""");
    }

    private async Task<string> IssueAsync(string key = Keys.Api, string? user = null)
    {
        var answer = await server.PostAsync("connect-tickets/", "", key, user ?? (key == Keys.Api ? Keys.Bob : null));
        return answer.Expect(201).Json.GetProperty("ticket").GetString()!;
    }

    public sealed class Server : TestServer
    {
        public const int MaxTickets = 10;
        public const string Withdrawn = "a000000000000000000000000000000000000099";

        private readonly Reload _reload = new();
        private bool _withdrawn;

        public void Withdraw()
        {
            _withdrawn = true;
            _reload.Fire();
        }

        protected override void ConfigureEngine(ChannelsOptions options)
        {
            base.ConfigureEngine(options);
            if (!_withdrawn)
            {
                options.Keys.Add(new() { Id = "99", Secret = Withdrawn, IsAdmin = true });
            }
        }

        protected override void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels) =>
            builder.Services.AddSingleton<IOptionsChangeTokenSource<ChannelsOptions>>(_reload);

        protected override void Map(WebApplication app) => app.MapChannelEndpoints(options => options.MaxTickets = MaxTickets);
    }

    private sealed class Reload : IOptionsChangeTokenSource<ChannelsOptions>
    {
        private ConfigurationReloadToken _token = new();

        public string Name => Options.DefaultName;

        public IChangeToken GetChangeToken() => _token;

        public void Fire() => Interlocked.Exchange(ref _token, new()).OnReload();
    }
}
