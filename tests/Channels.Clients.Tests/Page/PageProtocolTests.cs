using System.Text.Json;
using System.Text.Json.Nodes;
using Channels.Clients.Tests.Processes;

namespace Channels.Clients.Tests.Page;

/// <summary>The modules of the Playground's page, run outside a browser.</summary>
public sealed class PageProtocolTests(NodeModules node, SharedPlayground playground)
{
    [Theory]
    [InlineData("playground", "")]
    [InlineData("playground-rooms", "lobby")]
    public async Task What_one_protocol_publishes_arrives_through_all_others(string channel, string room)
    {
        var settings = JsonSerializer.SerializeToNode(Keys.For(playground.Host, channel))!.AsObject();
        settings["room"] = room;
        settings["page"] = Paths.PageFolder;

        var report = await node.RunAsync("page-protocols.mjs", settings);

        var published = report.At("published").EnumerateObject().ToDictionary(
            protocol => protocol.Name, protocol => protocol.Value.ValueKind == JsonValueKind.Null ? (long?)null : protocol.Value.GetInt64());
        Assert.Equal(["bayeux-publish", "pusher-trigger", "rest", "server"], published.Keys.Order());
        var arrived = report.At("arrived").EnumerateObject().ToList();
        Assert.Equal(
            [
                "bayeux-long-polling", "bayeux-websocket", "long-poll", "poll-events", "poll-websocket", "push-events", "push-long-poll",
                "push-websocket", "pusher", "socket-io", "stream-events", "stream-websocket",
            ],
            arrived.Select(card => card.Name).Order());
        Assert.All(arrived, card =>
        {
            var messages = card.Value.EnumerateArray().TakeLast(published.Count).ToList();
            Assert.Equal(published.Keys.Select(name => $$"""{"through":"{{name}}"}"""), messages.Select(message => message.At("payload").GetRawText()));

            // Speakap's notifications, Pusher's events and Bayeux events carry no ids.
            if (card.Name is not ("socket-io" or "pusher" or "bayeux-websocket" or "bayeux-long-polling"))
            {
                Assert.All(published.Values.Zip(messages), pair => Assert.True(pair.First is null || pair.First == pair.Second.At("id").GetInt64()));
                Assert.Equal(card.Value.Ids().Order().Distinct(), card.Value.Ids());
            }
        });
    }

    [Fact]
    public async Task A_photo_that_one_member_adds_is_seen_by_the_others()
    {
        var settings = JsonSerializer.SerializeToNode(Keys.For(playground.Host, "Sommer 🌻"))!.AsObject();
        settings["page"] = Paths.PageFolder;

        var report = await node.RunAsync("page-album.mjs", settings);

        Assert.Equal(("Sommer 🌻", "🌅", 0), (report.Text("seen.title"), report.Text("seen.picture"), report.At("seen.likes").GetInt32()));
        Assert.Equal(1, report.At("seenLate.likes").GetInt32());
        Assert.Equal("403: You do not have permission to perform this action.", report.Text("refused"));
    }

    [Fact]
    public async Task No_more_cards_hold_a_connection_than_leave_a_browser_some_to_publish_through()
    {
        var report = await node.RunAsync("page-cards.mjs", new JsonObject { ["page"] = Paths.PageFolder });

        Assert.Equal(["long-poll", "stream-events", "push-long-poll"], Texts("first"));
        Assert.Equal(["stream-events", "push-long-poll", "bayeux-long-polling"], Texts("afterOn"));
        Assert.Equal(["poll-events", "push-long-poll", "bayeux-long-polling"], Texts("afterOffAndOn"));
        Assert.True(report.At("others").GetBoolean());

        IEnumerable<string?> Texts(string name) => report.At(name).EnumerateArray().Select(id => id.GetString());
    }

    [Fact]
    public async Task Users_of_a_pusher_channel_see_each_other_talk_and_are_told_by_a_signed_trigger()
    {
        var report = await node.RunAsync("page-pusher.mjs", new
        {
            address = playground.Host.Address.GetLeftPart(UriPartial.Authority),
            page = Paths.PageFolder,
            channel = "presence-page",
            notes = "private-page",
        });

        Assert.Equal(
            ["here: Joined; 1 here.", "came: Bob came.", "heard: Bob: good morning", "heard: greeting: {\"text\":\"it's grüße\"}", "left: Bob left."],
            report.At("alice").EnumerateArray().Select(entry => entry.GetString()));
        Assert.Equal(0, report.At("bobsMembers").GetInt32());
        Assert.Equal("refused", report.Text("nobody"));
        Assert.True(report.At("digests").GetBoolean());

        // What the line asks for is what curl would send.
        var command = System.Text.RegularExpressions.Regex.Match(
            report.Text("command")!, """\Acurl -H 'Content-Type: application/json' \\\n  -d '(?<body>.+)' \\\n  '(?<url>http[^']+)'\z""");
        Assert.True(command.Success, report.Text("command"));
        using var body = new StringContent(command.Groups["body"].Value.Replace("'\\''", "'", StringComparison.Ordinal), new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        using var answer = await playground.Host.Http.PostAsync(new Uri(command.Groups["url"].Value), body);
        Assert.Equal((200, "{}"), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Page_is_served_with_everything_it_loads()
    {
        foreach (var file in Directory.EnumerateFiles(Paths.PageFolder, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(Paths.PageFolder, file).Replace(Path.DirectorySeparatorChar, '/');
            using var response = await playground.Host.Http.GetAsync(new Uri(playground.Host.Address, path));
            Assert.True(response.IsSuccessStatusCode, path);
            Assert.Equal("default-src 'self'; frame-ancestors 'none'", response.Headers.GetValues("Content-Security-Policy").Single());
        }

        var page = await playground.Host.Http.GetStringAsync(playground.Host.Address);
        Assert.Contains("<title>Channels Playground</title>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", page.Replace("http://www.w3.org", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("Healthy", await playground.Host.Http.GetStringAsync(new Uri(playground.Host.Address, "health")));
    }
}
