using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Syncano;

public sealed class PagingTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Channels = $"{TestServer.Root}/channels/";

    [Fact]
    public async Task Channels_are_walked_forwards_and_back()
    {
        foreach (var name in "abcde")
        {
            await server.CreateAsync($"walk-{name}");
        }

        var first = await server.GetAsync("channels/?name__startswith=walk-&page_size=2&fields=name");
        Assert.Equal(["walk-a", "walk-b"], Names(first));
        Assert.Null(Prev(first));
        Assert.Matches(@"^/v1\.1/instances/demo-instance/channels/\?page_size=2&name__startswith=walk-&fields=name&direction=1&last_pk=\d+$", Next(first));

        var second = await server.GetAsync(Next(first)!);
        Assert.Equal(["walk-c", "walk-d"], Names(second));
        var third = await server.GetAsync(Next(second)!);
        Assert.Equal(["walk-e"], Names(third));
        Assert.Null(Next(third));

        var back = await server.GetAsync(Prev(third)!);
        Assert.Equal(["walk-c", "walk-d"], Names(back));
        Assert.Equal(Next(second), Next(back));
        var start = await server.GetAsync(Prev(back)!);
        Assert.Equal(["walk-a", "walk-b"], Names(start));
        Assert.Equal(Next(first), Next(start));

        // A full page before has a page before it as far as anybody knows; that one is empty and leads to the first page.
        var empty = await server.GetAsync(Prev(start)!);
        Assert.Empty(Names(empty));
        Assert.Null(Prev(empty));
        Assert.Equal($"{Channels}?page_size=2&name__startswith=walk-&fields=name", Next(empty));
    }

    [Fact]
    public async Task Channels_can_be_listed_newest_first()
    {
        foreach (var name in "abc")
        {
            await server.CreateAsync($"desc-{name}");
        }

        var first = await server.GetAsync("channels/?name__startswith=desc-&page_size=2&ordering=desc");
        Assert.Equal(["desc-c", "desc-b"], Names(first));
        Assert.Contains("page_size=2&ordering=desc&", Next(first), StringComparison.Ordinal);
        var second = await server.GetAsync(Next(first)!);
        Assert.Equal(["desc-a"], Names(second));
        Assert.Equal(["desc-c", "desc-b"], Names(await server.GetAsync(Prev(second)!)));
        Assert.Equal(["desc-c", "desc-b", "desc-a"], Names(await server.GetAsync("channels/?name__startswith=desc-&last_pk=1&ordering=desc")));
        Assert.Equal(["desc-a", "desc-b", "desc-c"], Names(await server.GetAsync("channels/?name__startswith=desc-&ordering=sideways")));
    }

    [Fact]
    public async Task A_history_is_walked_forwards_and_back()
    {
        await server.CreateAsync("pages");
        var ids = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add((await server.PublishAsync("pages", "{}")).Id);
        }

        var path = $"{Channels}pages/history/";
        var first = await server.GetAsync("channels/pages/history/?page_size=2");
        Assert.Equal([ids[4], ids[3]], Ids(first));
        Assert.Equal($"{path}?page_size=2&direction=1&last_pk={ids[3]}", Next(first));
        Assert.Null(Prev(first));

        var second = await server.GetAsync(Next(first)!);
        Assert.Equal([ids[2], ids[1]], Ids(second));
        Assert.Equal($"{path}?page_size=2&direction=0&last_pk={ids[2]}", Prev(second));

        var third = await server.GetAsync(Next(second)!);
        Assert.Equal([ids[0]], Ids(third));
        Assert.Null(Next(third));
        Assert.Equal($"{path}?page_size=2&direction=0&last_pk={ids[0]}", Prev(third));
        Assert.Equal([ids[2], ids[1]], Ids(await server.GetAsync(Prev(third)!)));

        var beyond = await server.GetAsync($"channels/pages/history/?page_size=2&direction=1&last_pk={ids[0]}");
        beyond.Expect(200, $$"""{"next":null,"prev":"{{path}}?page_size=2&direction=0","objects":[]}""");
        Assert.Equal([ids[1], ids[0]], Ids(await server.GetAsync(Prev(beyond)!)));

        // Without a direction a boundary means the next page, but the page does not claim to have one before it.
        var bare = await server.GetAsync($"channels/pages/history/?page_size=2&last_pk={ids[3]}");
        Assert.Equal([ids[2], ids[1]], Ids(bare));
        Assert.Null(Prev(bare));

        Assert.Equal(ids, Ids(await server.GetAsync("channels/pages/history/?ordering=asc")));
        Assert.Equal([ids[1], ids[2]], Ids(await server.GetAsync($"channels/pages/history/?ordering=asc&page_size=2&last_pk={ids[0]}")));
        Assert.Equal([ids[0], ids[1]], Ids(await server.GetAsync($"channels/pages/history/?ordering=asc&page_size=2&direction=0&last_pk={ids[2]}")));
        Assert.Equal([ids[4], ids[3]], Ids(await server.GetAsync($"channels/pages/history/?last_id={ids[2]}")));
        Assert.Equal([ids[3], ids[4]], Ids(await server.GetAsync($"channels/pages/history/?last_id={ids[2]}&ordering=asc")));
        Assert.Equal(5, Ids(await server.GetAsync("channels/pages/history/?last_id=abc")).Count);
        Assert.Equal(5, Ids(await server.GetAsync("channels/pages/history/?last_id=-4&ordering=foo&page_size=")).Count);
        Assert.Empty(Ids(await server.GetAsync("channels/pages/history/?last_pk=-1&direction=1")));
    }

    [Fact]
    public async Task A_page_has_at_most_100_objects_and_a_full_one_names_the_next()
    {
        await server.CreateAsync("many");
        for (var i = 0; i < 101; i++)
        {
            await server.PublishAsync("many", "{}");
        }

        Assert.Equal(100, Ids(await server.GetAsync("channels/many/history/")).Count);
        var large = await server.GetAsync("channels/many/history/?page_size=99999999999999999999");
        Assert.Equal(100, Ids(large).Count);
        Assert.Contains("?page_size=100&direction=1&last_pk=", Next(large), StringComparison.Ordinal);
        (await server.GetAsync("channels/many/history/?page_size=0")).Expect(200, """{"next":null,"prev":null,"objects":[]}""");
    }

    [Fact]
    public async Task Links_carry_the_room()
    {
        await server.CreateAsync("roomy", type: ChannelType.SeparateRooms);
        await server.PublishAsync("roomy", "{}", "a b");
        var page = await server.GetAsync("channels/roomy/history/?room=A+B&page_size=1");
        Assert.Matches(@"/channels/roomy/history/\?page_size=1&room=A%20B&direction=1&last_pk=\d+$", Next(page));
        Assert.Empty(Ids(await server.GetAsync(Next(page)!)));
    }

    [Theory]
    [InlineData("page_size=-1")]
    [InlineData("page_size=abc")]
    [InlineData("page_size=1.5")]
    [InlineData("direction=2")]
    [InlineData("direction=x")]
    [InlineData("last_pk=x")]
    [InlineData("direction=1&last_pk=1e5")]
    public async Task Wrong_parameters_are_refused(string query)
    {
        await server.Channels.Catalog.CreateAsync(new() { Name = "wrong" });
        const string Error = """{"detail":"Incorrect page parameter provided."}""";
        (await server.GetAsync($"channels/?{query}")).Expect(400, Error);
        (await server.GetAsync($"channels/wrong/history/?{query}")).Expect(400, Error);
        (await server.GetAsync($"channels/wrong/history/?{query}", Keys.Api, Keys.Bob)).Expect(403);
    }

    private static List<string?> Names(Answer answer) =>
        [.. answer.Expect(200).Json.GetProperty("objects").EnumerateArray().Select(item => item.GetProperty("name").GetString())];

    private static List<long> Ids(Answer answer) =>
        [.. answer.Expect(200).Json.GetProperty("objects").EnumerateArray().Select(item => item.GetProperty("id").GetInt64())];

    private static string? Next(Answer answer) => answer.Json.GetProperty("next").GetString();

    private static string? Prev(Answer answer) => answer.Json.GetProperty("prev").GetString();
}
