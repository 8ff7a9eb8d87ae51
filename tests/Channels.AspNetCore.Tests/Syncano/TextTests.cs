using Channels.AspNetCore.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.AspNetCore.Tests.Syncano;

/// <summary>How answers spell times, ids and text.</summary>
public sealed class TextTests(TextTests.Server server) : IClassFixture<TextTests.Server>
{
    [Fact]
    public async Task Times_have_six_fractional_digits()
    {
        server.Time.SetUtcNow(new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero).AddTicks(1_712_759));
        await server.CreateAsync("times");
        await server.PublishAsync("times", "{}");
        (await server.GetAsync("channels/times/history/?fields=created_at"))
            .Expect(200, """{"next":null,"prev":null,"objects":[{"created_at":"2026-02-03T04:05:06.171275Z"}]}""");
        (await server.GetAsync("channels/times/?fields=created_at,updated_at"))
            .Expect(200, """{"created_at":"2026-02-03T04:05:06.171275Z","updated_at":"2026-02-03T04:05:06.171275Z"}""");
    }

    [Theory]
    [InlineData("7", "7")]
    [InlineData("0", "0")]
    [InlineData("007", "\"007\"")]
    [InlineData("999999999999999", "999999999999999")]
    [InlineData("9999999999999999", "\"9999999999999999\"")]
    [InlineData("-1", "\"-1\"")]
    [InlineData("ann \"x\"", "\"ann \\\"x\\\"\"")]
    public async Task Ids_that_are_numbers_are_spelled_as_numbers(string group, string spelled)
    {
        var name = $"group{Guid.NewGuid():N}";
        await server.CreateAsync(name, group: group);
        var answer = await server.GetAsync($"channels/{name}/?fields=group,links");
        Assert.StartsWith($"{{\"group\":{spelled},", answer.Expect(200).Body, StringComparison.Ordinal);
        Assert.Contains($"/groups/{Uri.EscapeDataString(group)}/\"", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Characters_outside_ascii_are_not_escaped()
    {
        await server.CreateAsync("texts", type: ChannelType.SeparateRooms);
        var answer = await server.PostAsync("channels/texts/publish/", """{"room":"Öl & <b>'ключ'</b>"}""");
        Assert.Contains("\"room\":\"öl & <b>'ключ'</b>\"", answer.Expect(201).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Template_channels_are_channels_too()
    {
        await server.PublishAsync("inbox:bob", "{}");
        Assert.Contains("/channels/inbox%3Abob/poll/", (await server.GetAsync("channels/inbox:bob/", Keys.Api, Keys.Bob)).Expect(200).Body, StringComparison.Ordinal);
        (await server.GetAsync("channels/inbox%3Abob/poll/?last_id=0", Keys.Api, Keys.Bob)).Expect(200);
        (await server.SendAsync("PUT", "channels/inbox:bob/", json: "{}")).Expect(404);
        (await server.SendAsync("DELETE", "channels/inbox:bob/")).Expect(404);

        // Names that this front end does not see do not exist for its callers.
        (await server.GetAsync("channels/elsewhere-1/", Keys.Api, Keys.Bob)).Expect(404, """{"detail":"Not found."}""");
        (await server.GetAsync("channels/elsewhere-1/poll/?last_id=0", Keys.Api, Keys.Bob)).Expect(404);
        (await server.GetAsync("channels/elsewhere-1/history/", Keys.Api, Keys.Bob)).Expect(404, """{"detail":"Channel was not found."}""");
        (await server.GetAsync("channels/elsewhere-1/history/", key: null)).Expect(404, """{"detail":"Channel was not found."}""");
    }

    public sealed class Server : TestServer
    {
        protected override void ConfigureEngine(ChannelsOptions options)
        {
            base.ConfigureEngine(options);
            foreach (var group in new[] { "7", "0", "007", "999999999999999", "9999999999999999", "-1", "ann \"x\"" })
            {
                options.Groups.Add(group);
            }
        }

        protected override void AddServices(Microsoft.AspNetCore.Builder.WebApplicationBuilder builder, IChannelsBuilder channels) => channels
            .AddChannel("inbox:{user}", channel => channel.Others(ChannelPermission.Subscribe))
            .AddChannel("elsewhere-*", channel => channel.Others(ChannelPermission.Subscribe).OnlyThrough("pusher"));
    }
}
